#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/text/words.hpp"

namespace sluice::records {

inline constexpr unsigned kMaxJsonDepth = 64;

constexpr bool is_json_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Past white space, and past U+FEFF, which programs that join files leave between them.
inline std::size_t skip_json_space(std::string_view text, std::size_t pos) {
  static constexpr std::string_view kBom = "\uFEFF";
  while (pos < text.size()) {
    if (is_json_space(text[pos])) {
      ++pos;
    } else if (text.substr(pos, kBom.size()) == kBom) {
      pos += kBom.size();
    } else {
      break;
    }
  }
  return pos;
}

/// Judges one JSON value (RFC 8259, strict; half surrogate pairs are faults) in text that comes in pieces: it stops
/// wherever the text does and goes on where it stopped.
class JsonScanner {
 public:
  enum class Status { more, done, fault };

  /// Goes on at `pos`, from the value's first character (no white space before it). Leaves `pos` after the value
  /// (done), at the text's end (more), or at the character that should not be there (fault: fault() says why).
  /// A number ends where something else follows it.
  Status run(std::string_view text, std::size_t& pos);

  /// How far a number has got.
  enum class Digits : std::uint8_t { minus, zero, integer, point, fraction, mark, sign, exponent, end };

  text::Word fault() const { return fault_; }
  /// The half surrogate pair that a fault is about.
  unsigned half() const { return half_; }
  void reset() { *this = JsonScanner(); }

 private:
  enum class State : std::uint8_t {
    value,
    value_or_bracket,
    name,
    name_or_brace,
    colon,
    comma_or_bracket,
    comma_or_brace,
    inside_text,
    escape,
    hex,
    number,
    literal,
    done,
  };

  bool step(char c);
  bool begin_value(char c);
  bool begin_name(char c);
  bool enter(bool object);
  bool leave();
  void end_value();
  bool after_element(char c, bool object);
  bool text_step(std::string_view text, std::size_t& pos);
  bool escape_step(char c);
  bool hex_step(char c);
  bool end_unit();
  bool number_step(std::string_view text, std::size_t& pos);
  bool literal_step(char c);
  bool refuse(text::Word word) {
    fault_ = word;
    return false;
  }

  State state_ = State::value;
  Digits digits_ = Digits::minus;
  bool is_name_ = false;         ///< the text being read is a member's name
  bool high_surrogate_ = false;  ///< its other half must follow
  unsigned hex_left_ = 0;
  unsigned unit_ = 0;
  unsigned half_ = 0;
  unsigned depth_ = 0;
  std::uint64_t objects_ = 0;  ///< a bit for each level: object or array
  std::string_view literal_;   ///< what is still to come of it
  text::Word fault_ = text::Word::json_value_expected;
};

}  // namespace sluice::records
