#include "long_id.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <iterator>

namespace sluice::orders {

namespace {

constexpr std::size_t kExactDigits = 15;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
/// Each byte's upper half is that of a digit, and stays so when six is added to it.
bool eight_digits(const char* at) {
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  constexpr std::uint64_t kUpper = 0xF0F0'F0F0'F0F0'F0F0;
  constexpr std::uint64_t kDigits = 0x3030'3030'3030'3030;
  return (bytes & kUpper) == kDigits && ((bytes + 0x0606'0606'0606'0606) & kUpper) == kDigits;
}
bool all_digits(std::string_view text) {
  constexpr std::size_t kAtOnce = 8;
  if (text.size() < kAtOnce) return !text.empty() && std::ranges::all_of(text, is_digit);
  for (std::size_t at = 0; at + kAtOnce < text.size(); at += kAtOnce)
    if (!eight_digits(text.data() + at)) return false;
  return eight_digits(text.data() + text.size() - kAtOnce);
}

/// 1,234,567 without its commas; empty where they don't stand at thousands.
std::string without_separators(std::string_view text) {
  std::string digits;
  const std::size_t first = text.find(',');
  if (first == 0 || first > 3) return {};
  for (std::size_t at = first; at < text.size(); at += 4) {
    if (text[at] != ',' || text.size() - at < 4) return {};
  }
  std::ranges::copy_if(text, std::back_inserter(digits), [](char c) { return c != ','; });
  return digits;
}

}  // namespace

bool is_id(std::string_view text) {
  return text.size() <= kMostIdDigits && all_digits(text);
}

bool is_scientific(std::string_view clean) {
  const std::size_t e = clean.find_first_of("eE");
  if (e == std::string_view::npos || e == 0 || !is_digit(clean.front())) return false;
  const auto mantissa = clean.substr(0, e);
  auto power = clean.substr(e + 1);
  if (power.starts_with('+') || power.starts_with('-')) power.remove_prefix(1);
  return all_digits(power) && std::ranges::all_of(mantissa, [](char c) { return is_digit(c) || c == '.' || c == ','; });
}

std::expected<LongId, IdFault> read_id(std::string_view clean) {
  if (is_id(clean)) return LongId{std::string(clean), false};
  if (is_scientific(clean)) return std::unexpected(IdFault::exponent);
  const std::size_t point = clean.find('.');
  const bool decimals = point != std::string_view::npos;
  if (decimals && !all_digits(clean.substr(point + 1))) return std::unexpected(IdFault::not_digits);
  const auto whole = clean.substr(0, point);
  std::string digits = whole.contains(',') ? without_separators(whole) : std::string(whole);
  if (!is_id(digits)) return std::unexpected(IdFault::not_digits);
  constexpr std::size_t kGroup = 3;
  if (decimals && whole.size() <= kGroup && clean.size() - point - 1 == kGroup)
    return std::unexpected(IdFault::thousands);
  if (decimals && clean.find_first_not_of('0', point + 1) != std::string_view::npos)
    return std::unexpected(IdFault::fraction);
  return LongId{std::move(digits), decimals};
}

bool is_long(std::string_view digits) {
  return digits.size() > kExactDigits && all_digits(digits);
}

bool ends_rounded(std::string_view digits) {
  if (!is_long(digits)) return false;
  if (digits.find_first_not_of('0', kExactDigits) == std::string_view::npos) return true;
  return digits.ends_with(digits.size() >= 19 ? "000" : "00") && digits.size() >= 18;
}

}  // namespace sluice::orders
