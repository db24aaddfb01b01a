#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace sluice::orders {

inline constexpr std::size_t kMostIdDigits = 20;

enum class IdFault : std::uint8_t { not_digits, exponent, fraction };

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

/// 16 digits or more; `zero_tail`: and nothing but zeros past the 15th, the last that a spreadsheet keeps.
bool is_long(std::string_view digits);
bool has_zero_tail(std::string_view digits);

}  // namespace sluice::orders
