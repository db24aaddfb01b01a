#include "json_scanner.hpp"

#include <array>

namespace sluice::records {
namespace {

using text::Word;
using Digits = JsonScanner::Digits;

constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// The value of a hexadecimal digit, or 16.
constexpr unsigned hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
  return 16;
}

/// What may come next in a number (RFC 8259, section 6).
struct DigitRule {
  Digits from;
  std::string_view chars;
  Digits to;
};

constexpr auto kDigitRules = std::to_array<DigitRule>({
    {Digits::minus, "0", Digits::zero},
    {Digits::minus, "123456789", Digits::integer},
    {Digits::zero, ".", Digits::point},
    {Digits::zero, "eE", Digits::mark},
    {Digits::integer, "0123456789", Digits::integer},
    {Digits::integer, ".", Digits::point},
    {Digits::integer, "eE", Digits::mark},
    {Digits::point, "0123456789", Digits::fraction},
    {Digits::fraction, "0123456789", Digits::fraction},
    {Digits::fraction, "eE", Digits::mark},
    {Digits::mark, "+-", Digits::sign},
    {Digits::mark, "0123456789", Digits::exponent},
    {Digits::sign, "0123456789", Digits::exponent},
    {Digits::exponent, "0123456789", Digits::exponent},
});

constexpr auto kDigits = [] {
  std::array<std::array<Digits, 256>, 8> table{};
  for (auto& row : table) row.fill(Digits::end);
  for (const DigitRule& rule : kDigitRules) {
    for (const char c : rule.chars) table[static_cast<std::size_t>(rule.from)][static_cast<unsigned char>(c)] = rule.to;
  }
  return table;
}();

}  // namespace

JsonScanner::Status JsonScanner::run(std::string_view text, std::size_t& pos) {
  while (state_ != State::done) {
    if (pos == text.size()) return Status::more;
    bool good = true;
    if (state_ == State::inside_text) {
      good = text_step(text, pos);
    } else if (state_ == State::number) {
      good = number_step(text, pos);
    } else {
      good = step(text[pos]);
      if (good) ++pos;
    }
    if (!good) return Status::fault;
  }
  return Status::done;
}

bool JsonScanner::step(char c) {
  if (state_ == State::escape) return escape_step(c);
  if (state_ == State::hex) return hex_step(c);
  if (state_ == State::literal) return literal_step(c);
  if (is_json_space(c)) return true;
  switch (state_) {
    case State::value:
      return begin_value(c) || refuse(fault_);
    case State::value_or_bracket:
      if (c == ']') return leave();
      fault_ = Word::json_value_or_bracket;
      return begin_value(c) || refuse(fault_);
    case State::name:
      return begin_name(c) || refuse(Word::json_name_expected);
    case State::name_or_brace:
      if (c == '}') return leave();
      return begin_name(c) || refuse(Word::json_name_or_brace);
    case State::colon:
      if (c != ':') return refuse(Word::json_colon_expected);
      state_ = State::value;
      fault_ = Word::json_value_expected;
      return true;
    case State::comma_or_bracket:
      return after_element(c, false);
    default:
      return after_element(c, true);
  }
}

bool JsonScanner::begin_value(char c) {
  switch (c) {
    case '{':
      return enter(true);
    case '[':
      return enter(false);
    case '"':
      is_name_ = false;
      state_ = State::inside_text;
      return true;
    case 't':
      literal_ = "rue";
      break;
    case 'f':
      literal_ = "alse";
      break;
    case 'n':
      literal_ = "ull";
      break;
    default:
      if (c != '-' && !is_digit(c)) return false;
      digits_ = c == '-' ? Digits::minus : c == '0' ? Digits::zero : Digits::integer;
      state_ = State::number;
      return true;
  }
  state_ = State::literal;
  return true;
}

bool JsonScanner::begin_name(char c) {
  if (c != '"') return false;
  is_name_ = true;
  state_ = State::inside_text;
  return true;
}

bool JsonScanner::enter(bool object) {
  if (depth_ == kMaxJsonDepth) return refuse(Word::json_too_deep);
  objects_ = objects_ << 1 | static_cast<std::uint64_t>(object);
  ++depth_;
  state_ = object ? State::name_or_brace : State::value_or_bracket;
  return true;
}

bool JsonScanner::leave() {
  objects_ >>= 1;
  --depth_;
  end_value();
  return true;
}

void JsonScanner::end_value() {
  if (depth_ == 0) {
    state_ = State::done;
  } else {
    state_ = (objects_ & 1) != 0 ? State::comma_or_brace : State::comma_or_bracket;
  }
}

bool JsonScanner::after_element(char c, bool object) {
  if (c == (object ? '}' : ']')) return leave();
  if (c != ',') return refuse(object ? Word::json_comma_or_brace : Word::json_comma_or_bracket);
  state_ = object ? State::name : State::value;
  fault_ = Word::json_value_expected;
  return true;
}

bool JsonScanner::text_step(std::string_view text, std::size_t& pos) {
  if (high_surrogate_ && text[pos] != '\\') return refuse(Word::json_lone_surrogate);
  while (pos < text.size()) {
    const char c = text[pos];
    if (static_cast<unsigned char>(c) < 0x20) return refuse(Word::json_bad_text);
    if (c == '"' || c == '\\') break;
    ++pos;
  }
  if (pos == text.size()) return true;
  if (text[pos++] == '\\') {
    state_ = State::escape;
  } else if (is_name_) {
    state_ = State::colon;
  } else {
    end_value();
  }
  return true;
}

bool JsonScanner::escape_step(char c) {
  if (high_surrogate_ && c != 'u') return refuse(Word::json_lone_surrogate);
  state_ = State::inside_text;
  if (c == 'u') {
    state_ = State::hex;
    hex_left_ = 4;
    unit_ = 0;
    return true;
  }
  return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos || refuse(Word::json_bad_escape);
}

bool JsonScanner::hex_step(char c) {
  const unsigned digit = hex_value(c);
  if (digit == 16) return refuse(Word::json_bad_hex);
  unit_ = unit_ << 4 | digit;
  return --hex_left_ != 0 || end_unit();
}

bool JsonScanner::end_unit() {
  const bool low = unit_ >= 0xDC00 && unit_ < 0xE000;
  if (!high_surrogate_) half_ = unit_;
  if (low != high_surrogate_) return refuse(Word::json_lone_surrogate);
  high_surrogate_ = unit_ >= 0xD800 && unit_ < 0xDC00;
  state_ = State::inside_text;
  return true;
}

bool JsonScanner::number_step(std::string_view text, std::size_t& pos) {
  while (pos < text.size()) {
    const Digits next = kDigits[static_cast<std::size_t>(digits_)][static_cast<unsigned char>(text[pos])];
    if (next == Digits::end) break;
    digits_ = next;
    ++pos;
  }
  if (pos == text.size()) return true;
  const bool complete = digits_ == Digits::zero || digits_ == Digits::integer || digits_ == Digits::fraction ||
                        digits_ == Digits::exponent;
  if (!complete || is_digit(text[pos])) return refuse(Word::json_bad_number);
  end_value();
  return true;
}

bool JsonScanner::literal_step(char c) {
  if (c != literal_.front()) return refuse(Word::json_bad_literal);
  literal_.remove_prefix(1);
  if (literal_.empty()) end_value();
  return true;
}

}  // namespace sluice::records
