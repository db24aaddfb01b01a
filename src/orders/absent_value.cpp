#include "absent_value.hpp"

#include <algorithm>
#include <array>

#include "clean_value.hpp"
#include "sluice/text/encoding.hpp"

namespace sluice::orders {

namespace {

using namespace std::string_view_literals;

constexpr std::array kPlaceholders = {"NULL"sv, "Null"sv, "null"sv, "NaN"sv, "nan"sv, "None"sv, "N/A"sv, "n/a"sv};
constexpr std::array kErrors = {"\\N"sv,    "#N/A"sv,    "#REF!"sv,  "#VALUE!"sv,
                                "#NAME?"sv, "#DIV/0!"sv, "#NULL!"sv, "#NUM!"sv};

/// U+FFFD, U+E000 to U+F8FF and planes 15 and 16, in UTF-8.
bool holds_lost_character(std::string_view utf8) {
  const auto byte = [&](std::size_t i) { return i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0U; };
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const unsigned first = byte(i);
    const unsigned second = byte(i + 1);
    if (first == 0xEE && second >= 0x80) return true;
    if (first == 0xEF && second >= 0x80 && second <= 0xA3) return true;
    if (first == 0xEF && second == 0xBF && byte(i + 2) == 0xBD) return true;
    if ((first == 0xF3 && second >= 0xB0) || first == 0xF4) return true;
  }
  return false;
}

}  // namespace

Absence absence_of(std::string_view raw) {
  // Nearly all values: digits, or words that no mark begins as.
  const char first = raw.empty() ? '0' : raw.front();
  const bool usual = (first >= '0' && first <= '9') || (first >= 'a' && first <= 'z' && first != 'n');
  if (usual && text::is_ascii(raw)) return Absence::none;
  if (!text::is_ascii(raw) && holds_lost_character(raw)) return Absence::lost;
  const auto value = clean_as_written(raw).text;
  const auto is = [&](std::string_view mark) { return value == mark; };
  if (std::ranges::any_of(kErrors, is)) return Absence::error;
  return std::ranges::any_of(kPlaceholders, is) ? Absence::placeholder : Absence::none;
}

}  // namespace sluice::orders
