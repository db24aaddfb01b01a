#include <algorithm>
#include <array>
#include <string>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "long_id.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"
#include "usual_text.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

constexpr std::size_t kMostCharacters = 256;  // of a value whose limit at the API is not known
constexpr std::size_t kUsualNickname = 20;    // characters

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Word word_of(IdFault fault, bool is_number) {
  switch (fault) {
    case IdFault::exponent:
      return is_number ? Word::id_exponent : Word::id_scientific;
    case IdFault::fraction:
      return Word::id_fraction;
    case IdFault::thousands:
      return Word::id_thousands;
    case IdFault::not_digits:
      break;
  }
  return Word::id_not_digits;
}

/// What holds for any text that is sent as it is written.
std::optional<Message> unfit_text(const FieldInput& in, std::string_view text) {
  if (!text::is_utf8(text)) return about(Word::value_not_text, in);
  if (has_control(text)) return about(Word::control_character, in);
  const std::size_t characters = text::code_points(text);
  if (characters <= kMostCharacters) return std::nullopt;
  return about(Word::value_too_long, in, {std::to_string(characters), std::to_string(kMostCharacters)});
}

bool is_usual_in_douyin_ids(char c) {
  return is_digit(c) || is_letter(c) || c == '_' || c == '.' || c == '-';
}

/// Mar-24, 5-May: what a spreadsheet shows of a date. Not mark24, which is a name.
bool is_month_and_number(std::string_view text) {
  constexpr std::size_t kMonthName = 3;
  const auto dash = text.find('-');
  if (dash == text.npos) return false;
  const auto parts = std::array{text.substr(0, dash), text.substr(dash + 1)};
  const auto is_number = [](std::string_view part) { return !part.empty() && std::ranges::all_of(part, is_digit); };
  const auto is_month = [](std::string_view part) {
    const auto date = read_date(std::string(part) + "-1");
    return part.size() == kMonthName && !date && date.error() == DateFault::month_name;
  };
  return (is_number(parts[0]) && is_month(parts[1])) || (is_month(parts[0]) && is_number(parts[1]));
}

/// What a spreadsheet makes of a Douyin ID that looks like a date or a truth value to it.
bool reads_as_a_spreadsheet_value(std::string_view text) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  for (const std::string_view truth : {"TRUE", "FALSE"})
    if (std::ranges::equal(text, truth, {}, upper)) return true;
  const auto date = read_date(text);
  if (date ? date->day.has_value() : date.error() == DateFault::with_time) return true;
  return is_month_and_number(text);
}

/// By what the whole file tells of the column; a warning where that is not enough.
bool was_rounded(const FieldInput& in, CleanValue value, std::string_view digits, std::vector<Message>& warnings) {
  if (value.guarded || !ends_rounded(digits) || digits.size() > kMostIdDigits) return false;
  const auto bit = std::uint32_t{1} << digits.size();
  if ((in.damaged.doubtful & bit) != 0) warnings.push_back(about(Word::warn_id_rounded, in));
  return (in.damaged.rounded & bit) != 0;
}

Normalised numeric_id(const FieldInput& in, CleanValue value, std::vector<Message>& warnings) {
  if (has_compatibility_digit(value.text)) return std::unexpected(about(Word::compatibility_digit, in));
  auto id = read_id(value.text);
  if (!id) return std::unexpected(about(word_of(id.error(), in.is_number), in));
  if (was_rounded(in, value, id->digits, warnings)) return std::unexpected(about(Word::id_damaged, in));
  if (id->decimals && is_long(id->digits)) warnings.push_back(about(Word::warn_id_decimals, in));
  return std::move(id->digits);
}

}  // namespace

std::string_view plain_id(std::string_view text, const JudgeContext& context) {
  return context.damaged == nullptr && is_id(text) ? text : std::string_view{};
}

Normalised normalise_id(const FieldInput& in, std::vector<Message>& warnings) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  return numeric_id(in, value, warnings);
}

/// Digits, or what begins with a letter and holds none but letters, digits and `_`. Longer than TRUE, FALSE and NULL.
std::string_view plain_douyin_id(std::string_view text, const JudgeContext& context) {
  constexpr std::size_t kLongestWord = 5;
  if (text.size() <= kLongestWord || text.size() > kMostCharacters || !is_letter(text.front()))
    return plain_id(text, context);
  return UsualText::is_ascii(text) ? text : std::string_view{};
}

Normalised normalise_douyin_id(const FieldInput& in, std::vector<Message>& warnings) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  if (in.is_number) return numeric_id(in, value, warnings);
  if (has_compatibility_digit(value.text)) return std::unexpected(about(Word::compatibility_digit, in));
  // Letters are at home here, so only the plus sign tells a damaged number: 1E5 may be a Douyin ID.
  if (is_scientific(value.text) && value.text.contains('+')) return std::unexpected(about(Word::id_scientific, in));
  if (was_rounded(in, value, value.text, warnings)) return std::unexpected(about(Word::id_damaged, in));
  if (auto unfit = unfit_text(in, value.text)) return std::unexpected(*std::move(unfit));
  if (reads_as_a_spreadsheet_value(value.text)) {
    warnings.push_back(about(Word::warn_douyin_id_spreadsheet, in));
  } else if (!std::ranges::all_of(value.text, is_usual_in_douyin_ids)) {
    warnings.push_back(about(Word::warn_douyin_id_odd, in));
  }
  return std::string(value.text);
}

/// Letters, digits, `_` and common Chinese characters. Longer than NULL, NaN and None.
std::string_view plain_nickname(std::string_view text, const JudgeContext&) {
  constexpr std::size_t kLongestWord = 4;
  if (text.size() <= kLongestWord) return {};
  if (UsualText::is_ascii(text)) return text.size() <= kUsualNickname ? text : std::string_view{};
  if (!UsualText::is(text) || !text::is_inert(text)) return {};
  const bool usual = text.size() <= kUsualNickname || text::code_points(text) <= kUsualNickname;
  return usual ? text : std::string_view{};
}

Normalised normalise_nickname(const FieldInput& in, std::vector<Message>& warnings) {
  const auto value = clean_as_written(in.text);
  if (value.text.empty()) return std::nullopt;
  if (auto unfit = unfit_text(in, value.text)) return std::unexpected(*std::move(unfit));
  if (const std::size_t characters = text::code_points(value.text); characters > kUsualNickname)
    warnings.push_back({Word::warn_nickname_long,
                        {about(Word::warn_nickname_long, in).args.front(), std::to_string(characters),
                         std::to_string(kUsualNickname)}});
  return std::string(value.text);
}

}  // namespace sluice::orders
