#include "sluice/text/normal.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "radicals.hpp"
#include "sluice/text/encoding.hpp"
#include "utf8.hpp"

namespace sluice::text {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

/// White space, and what is invisible and comes along with copied text: zero-width and direction marks, BOM.
constexpr auto kBlank = std::to_array<Range>({
    {0x0009, 0x000D},
    {0x0020, 0x0020},
    {0x0085, 0x0085},
    {0x00A0, 0x00A0},
    {0x00AD, 0x00AD},
    {0x1680, 0x1680},
    {0x180E, 0x180E},
    {0x2000, 0x200F},
    {0x2028, 0x202F},
    {0x205F, 0x2064},
    {0x2066, 0x2069},
    {0x3000, 0x3000},
    {0xFEFF, 0xFEFF},
});

bool is_blank(char32_t code_point) {
  return std::ranges::any_of(kBlank,
                             [=](Range range) { return code_point >= range.first && code_point <= range.last; });
}

/// The start of the character that ends before `end`, in text that may be ill-formed.
std::size_t previous(std::string_view text, std::size_t end) {
  std::size_t start = end - 1;
  while (start > 0 && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return utf8_length(text, start) == end - start ? start : end;
}

}  // namespace

bool is_inert(std::string_view utf8) {
  std::size_t pos = skip_ascii(utf8, 0);
  while (pos < utf8.size()) {
    const auto lead = static_cast<unsigned char>(utf8[pos]);
    if (lead < 0xE4 || lead > 0xE9 || utf8_length(utf8, pos) != 3) return false;
    pos = skip_ascii(utf8, pos + 3);
  }
  return true;
}

std::string nfkc(std::string_view utf8) {
  if (is_inert(utf8)) return std::string(utf8);
  utf8proc_uint8_t* mapped = nullptr;
  // A C library's flags. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                 static_cast<utf8proc_ssize_t>(utf8.size()), &mapped, options);
  if (size < 0) return std::string(utf8);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

std::string fold_width(std::string_view utf8) {
  constexpr char32_t kFirst = 0xFF01;
  constexpr char32_t kLast = 0xFF5E;
  std::string folded;
  folded.reserve(utf8.size());
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto length = utf8_length(utf8, pos);
    if (length == 0 || length == kCut) {
      folded += utf8[pos++];
      continue;
    }
    const std::size_t start = pos;
    const char32_t code_point = next_code_point(utf8, pos);
    if (code_point >= kFirst && code_point <= kLast)
      folded += static_cast<char>(code_point - kFirst + '!');
    else
      folded.append(utf8, start, length);
  }
  return folded;
}

std::string_view trim(std::string_view utf8) {
  std::size_t begin = 0;
  while (begin < utf8.size()) {
    const auto length = utf8_length(utf8, begin);
    std::size_t next = begin;
    if (length == 0 || length == kCut || !is_blank(next_code_point(utf8, next))) break;
    begin = next;
  }
  std::size_t end = utf8.size();
  while (end > begin) {
    const std::size_t start = previous(utf8, end);
    std::size_t next = start;
    if (start == end || !is_blank(next_code_point(utf8, next))) break;
    end = start;
  }
  return utf8.substr(begin, end - begin);
}

std::string match_key(std::string_view utf8) {
  const std::string normal = nfkc(utf8);
  std::string key;
  key.reserve(normal.size());
  for (std::size_t pos = 0; pos < normal.size();) {
    const auto length = utf8_length(normal, pos);
    const std::size_t start = pos;
    if (length == 0 || length == kCut) {
      key += normal[pos++];
      continue;
    }
    const char32_t code_point = next_code_point(normal, pos);
    if (is_blank(code_point) || code_point == '_' || code_point == '-') continue;
    if (code_point >= 'A' && code_point <= 'Z') {
      key += static_cast<char>(code_point + ('a' - 'A'));
    } else if (const char32_t character = without_radical(code_point); character != code_point) {
      append_utf8(character, key);
    } else {
      key.append(normal, start, length);
    }
  }
  return key;
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace sluice::text
