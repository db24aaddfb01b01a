#include <algorithm>

#include "clean_value.hpp"
#include "field_rules.hpp"
#include "long_id.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

using text::Message;
using text::Word;

constexpr std::size_t kMostCharacters = 256;  // of a value whose limit at the API is not known

Word word_of(IdFault fault, bool is_number) {
  switch (fault) {
    case IdFault::exponent:
      return is_number ? Word::id_exponent : Word::id_scientific;
    case IdFault::fraction:
      return Word::id_fraction;
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
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '-';
}

Normalised numeric_id(const FieldInput& in, CleanValue value, std::vector<Message>& warnings) {
  auto id = read_id(value.text);
  if (!id) return std::unexpected(about(word_of(id.error(), in.is_number), in));
  if (in.damaged && !value.guarded && has_zero_tail(id->digits)) return std::unexpected(about(Word::id_damaged, in));
  if (id->decimals && is_long(id->digits)) warnings.push_back(about(Word::warn_id_decimals, in));
  return std::move(id->digits);
}

}  // namespace

Normalised normalise_id(const FieldInput& in, std::vector<Message>& warnings) {
  if (!in.damaged && is_id(in.text)) return std::string(in.text);
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  return numeric_id(in, value, warnings);
}

Normalised normalise_douyin_id(const FieldInput& in, std::vector<Message>& warnings) {
  std::string scratch;
  const auto value = clean(in.text, scratch);
  if (value.text.empty()) return std::nullopt;
  if (in.is_number) return numeric_id(in, value, warnings);
  // Letters are at home here, so only the plus sign tells a damaged number: 1E5 may be a Douyin ID.
  if (is_scientific(value.text) && value.text.contains('+')) return std::unexpected(about(Word::id_scientific, in));
  if (in.damaged && !value.guarded && has_zero_tail(value.text)) return std::unexpected(about(Word::id_damaged, in));
  if (auto unfit = unfit_text(in, value.text)) return std::unexpected(*std::move(unfit));
  if (!std::ranges::all_of(value.text, is_usual_in_douyin_ids)) warnings.push_back(about(Word::warn_douyin_id_odd, in));
  return std::string(value.text);
}

Normalised normalise_nickname(const FieldInput& in, std::vector<Message>& warnings) {
  constexpr std::size_t kUsual = 20;
  const auto value = clean_as_written(in.text);
  if (value.text.empty()) return std::nullopt;
  if (auto unfit = unfit_text(in, value.text)) return std::unexpected(*std::move(unfit));
  if (const std::size_t characters = text::code_points(value.text); characters > kUsual)
    warnings.push_back(
        {Word::warn_nickname_long,
         {about(Word::warn_nickname_long, in).args.front(), std::to_string(characters), std::to_string(kUsual)}});
  return std::string(value.text);
}

}  // namespace sluice::orders
