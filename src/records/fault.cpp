#include "fault.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

std::string first_character(std::string_view text) {
  std::size_t size = text.empty() ? 0 : 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return fmt::format("'{}'", text::shown(text.substr(0, size)));
}

/// Habits of other notations, by the character that gives them away: more use to a person than what was expected.
struct Habit {
  std::string_view character;
  text::Word words;
};

constexpr auto kHabits = std::to_array<Habit>({
    {"/", text::Word::json_comment},
    {"#", text::Word::json_comment},
    {"'", text::Word::json_wrong_quote},
    {"\u2018", text::Word::json_wrong_quote},
    {"\u2019", text::Word::json_wrong_quote},
    {"\u201C", text::Word::json_wrong_quote},
    {"\u201D", text::Word::json_wrong_quote},
    {"\uFF02", text::Word::json_wrong_quote},
    {"\uFF1A", text::Word::json_full_width},
    {"\uFF0C", text::Word::json_full_width},
    {"\uFF5B", text::Word::json_full_width},
    {"\uFF5D", text::Word::json_full_width},
    {"\uFF3B", text::Word::json_full_width},
    {"\uFF3D", text::Word::json_full_width},
});

/// Words about what is inside a text, a number or a literal, where a habit's character means something else.
constexpr std::array kInside = {text::Word::json_bad_text, text::Word::json_bad_escape,
                                text::Word::json_bad_hex,  text::Word::json_bad_literal,
                                text::Word::json_too_deep, text::Word::json_lone_surrogate};

text::Word habit_or(text::Word expected, std::string_view rest) {
  if (std::ranges::find(kInside, expected) != kInside.end()) return expected;
  if (expected == text::Word::json_name_expected && rest.starts_with('}')) return text::Word::json_trailing_comma;
  if (expected == text::Word::json_value_expected && !rest.empty() && std::string_view("NITF").contains(rest.front()))
    return text::Word::json_foreign_literal;
  const auto habit = std::ranges::find_if(kHabits, [=](const Habit& h) { return rest.starts_with(h.character); });
  return habit == kHabits.end() ? expected : habit->words;
}

}  // namespace

Fault json_fault(text::Word word, Position where, std::string_view rest, std::vector<std::string> more) {
  std::vector<std::string> args = {fmt::to_string(where.line), fmt::to_string(where.column), first_character(rest)};
  std::ranges::move(more, std::back_inserter(args));
  return {.message = {.word = habit_or(word, rest), .args = std::move(args)}};
}

Fault row_fault(text::Word word, std::uint64_t line, std::vector<std::string> more) {
  std::vector<std::string> args = {fmt::to_string(line)};
  std::ranges::move(more, std::back_inserter(args));
  return {.message = {.word = word, .args = std::move(args)}};
}

std::string column_words(std::size_t index, const std::vector<std::string>& header) {
  const std::string_view name = index < header.size() ? text::trim(header[index]) : std::string_view();
  return name.empty() ? fmt::to_string(index + 1) : fmt::format("{} ({})", index + 1, text::shown(name));
}

}  // namespace sluice::records
