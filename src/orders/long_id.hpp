#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace sluice::orders {

inline constexpr std::size_t kMostIdDigits = 20;

enum class IdFault : std::uint8_t {
  not_digits,
  exponent,
  fraction,
  thousands,  ///< 94.000: thousands in some countries, decimals in others
};

/// An id as digits, exact: never through a number.
struct LongId {
  std::string digits;
  bool decimals = false;  ///< written with .0, as a floating-point number would be
};

/// `^[0-9]{1,20}$`, as people also write it: 1,234,567 or 123.0.
std::expected<LongId, IdFault> read_id(std::string_view clean);

bool is_id(std::string_view text);

/// 1.78723E+16: what a spreadsheet makes of a long number.
bool is_scientific(std::string_view clean);

/// 16 digits or more.
bool is_long(std::string_view digits);
/// A long one that ends as rounding leaves it: nothing but zeros past the 15th digit (a spreadsheet), or, of 18 digits
/// or more, the zeros past the 17th that JavaScript and others with doubles leave (18: 00, 19 and more: 000).
bool ends_rounded(std::string_view digits);

}  // namespace sluice::orders
