#include "utf8.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "sluice/text/encoding.hpp"

namespace sluice::text {
namespace {

/// What may follow a lead byte (Unicode 15, table 3-7).
struct Lead {
  std::uint8_t length;
  std::uint8_t second_low;
  std::uint8_t second_high;
};

constexpr Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1, 0, 0};
  if (byte < 0xC2) return {0, 0, 0};
  if (byte < 0xE0) return {2, 0x80, 0xBF};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte < 0xF0) return {3, 0x80, 0xBF};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte < 0xF4) return {4, 0x80, 0xBF};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

constexpr std::array<Lead, 256> kLeads = [] {
  std::array<Lead, 256> leads{};
  for (unsigned byte = 0; byte < leads.size(); ++byte) leads[byte] = lead_of(static_cast<std::uint8_t>(byte));
  return leads;
}();

const Lead& lead(std::uint8_t byte) {
  return kLeads[byte];
}

std::uint8_t at(std::string_view text, std::size_t pos) {
  return static_cast<std::uint8_t>(text[pos]);
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t pos) {
  const Lead& first = lead(at(text, pos));
  if (first.length < 2) return first.length;
  if (pos + 1 == text.size()) return kCut;
  const auto second = at(text, pos + 1);
  if (second < first.second_low || second > first.second_high) return 0;
  for (std::size_t i = 2; i < first.length; ++i) {
    if (pos + i == text.size()) return kCut;
    if ((at(text, pos + i) & 0xC0) != 0x80) return 0;
  }
  return first.length;
}

std::size_t skip_ascii(std::string_view text, std::size_t pos) {
  using Bytes = signed char __attribute__((ext_vector_type(16)));
  using Flags = bool __attribute__((ext_vector_type(16)));
  for (; pos + sizeof(Bytes) <= text.size(); pos += sizeof(Bytes)) {
    Bytes bytes;
    std::memcpy(&bytes, text.data() + pos, sizeof bytes);
    const auto others = std::bit_cast<std::uint16_t>(__builtin_convertvector(bytes < 0, Flags));
    if (others != 0) return pos + static_cast<std::size_t>(std::countr_zero(others));
  }
  while (pos < text.size() && at(text, pos) < 0x80) ++pos;
  return pos;
}

char32_t next_code_point(std::string_view utf8, std::size_t& pos) {
  const auto byte = at(utf8, pos);
  const std::size_t length = lead(byte).length;
  char32_t code_point = length == 1 ? byte : byte & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code_point = (code_point << 6) | (at(utf8, pos + i) & 0x3FU);
  pos += length;
  return code_point;
}

char* put_utf8(char32_t code_point, char* out) {
  const auto low6 = [](char32_t bits) { return static_cast<char>(0x80U | (bits & 0x3FU)); };
  if (code_point < 0x80) {
    *out++ = static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    *out++ = static_cast<char>(0xC0U | (code_point >> 6));
    *out++ = low6(code_point);
  } else if (code_point < 0x10000) {
    *out++ = static_cast<char>(0xE0U | (code_point >> 12));
    *out++ = low6(code_point >> 6);
    *out++ = low6(code_point);
  } else {
    *out++ = static_cast<char>(0xF0U | (code_point >> 18));
    *out++ = low6(code_point >> 12);
    *out++ = low6(code_point >> 6);
    *out++ = low6(code_point);
  }
  return out;
}

void append_utf8(char32_t code_point, std::string& out) {
  char bytes[4];
  out.append(bytes, put_utf8(code_point, bytes));
}

}  // namespace sluice::text
