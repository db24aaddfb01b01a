#include "clean_value.hpp"

#include <algorithm>
#include <array>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

constexpr std::string_view kMarks = "'`=";

/// Nothing to strip: ASCII without blanks or controls at the ends, not beginning with a mark of protection.
bool is_plain(std::string_view raw) {
  const auto visible = [](char c) { return c > ' ' && c < '\x7f'; };
  if (raw.empty()) return true;
  if (!visible(raw.front()) || !visible(raw.back()) || kMarks.contains(raw.front())) return false;
  return text::is_ascii(raw);
}

/// One mark of protection off; false: there is none.
bool strip_mark(std::string_view& text, bool apostrophe) {
  if (text.size() >= 3 && text.starts_with("=\"") && text.ends_with('"'))
    text = text.substr(2, text.size() - 3);
  else if (text.starts_with('`') || (apostrophe && text.starts_with('\'')))
    text.remove_prefix(1);
  else
    return false;
  return true;
}

CleanValue unwrap(std::string_view raw, bool apostrophe) {
  auto text = text::trim(raw);
  if (text.empty()) return {};
  const auto begin = static_cast<std::size_t>(text.data() - raw.data());
  bool guarded = raw.substr(0, begin).contains('\t') || raw.substr(begin + text.size()).contains('\t');
  while (strip_mark(text, apostrophe)) {
    guarded = true;
    text = text::trim(text);
  }
  return {text, guarded};
}

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

CleanValue clean(std::string_view raw, std::string& scratch) {
  if (is_plain(raw)) return {raw};
  if (text::is_ascii(raw)) return unwrap(raw, true);
  scratch = text::fold_width(raw);
  return unwrap(scratch, true);
}

CleanValue clean_for_lookup(std::string_view raw, std::string& scratch) {
  if (text::is_ascii(raw)) return clean(raw, scratch);
  scratch = text::nfkc(raw);
  return unwrap(scratch, true);
}

bool has_compatibility_digit(std::string_view utf8) {
  const auto is_ascii_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text::is_ascii(utf8)) return false;
  const auto digits = [&](std::string_view text) { return std::ranges::count_if(text, is_ascii_digit); };
  return digits(text::nfkc(utf8)) > digits(text::fold_width(utf8));
}

CleanValue clean_as_written(std::string_view raw) {
  return unwrap(raw, false);
}

bool has_control(std::string_view utf8) {
  for (std::size_t i = 0; i < utf8.size(); ++i) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < utf8.size() && static_cast<unsigned char>(utf8[i + 1]) < 0xA0) return true;
  }
  return false;
}

Absence absence_of(std::string_view raw) {
  // Nearly all values: digits, or words that no mark begins as.
  const char first = raw.empty() ? '0' : raw.front();
  const bool usual = (first >= '0' && first <= '9') || (first >= 'a' && first <= 'z' && first != 'n');
  if (usual && text::is_ascii(raw)) return Absence::none;
  if (!text::is_ascii(raw) && holds_lost_character(raw)) return Absence::lost;
  // As the value would be sent: in full-width letters or behind an apostrophe it is a mark all the same.
  std::string scratch;
  const auto value = raw.contains('\xEF') ? clean(raw, scratch).text : unwrap(raw, true).text;
  const auto is = [&](std::string_view mark) { return value == mark; };
  if (std::ranges::any_of(kErrors, is)) return Absence::error;
  return std::ranges::any_of(kPlaceholders, is) ? Absence::placeholder : Absence::none;
}

}  // namespace sluice::orders
