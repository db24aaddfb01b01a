#include "json_scan.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>

#include "sluice/text/encoding.hpp"

namespace sluice::orders {

namespace {

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\';
}

constexpr std::size_t kAtOnce = 16;
using Bytes = unsigned char __attribute__((ext_vector_type(kAtOnce)));
using Flags = bool __attribute__((ext_vector_type(kAtOnce)));

Bytes bytes_at(const char* at) {
  Bytes bytes;
  std::memcpy(&bytes, at, sizeof bytes);
  return bytes;
}
/// Where the first is of the bytes for which it holds; kAtOnce: nowhere.
template <class Holds>
std::size_t first(Holds holds) {
  const auto flags = std::bit_cast<std::uint16_t>(__builtin_convertvector(holds, Flags));
  return static_cast<std::size_t>(std::countr_zero(flags));
}

/// The first byte from `pos` on that isn't plain, looked for many at a time; where the text ends, that.
std::size_t plain_end(std::string_view text, std::size_t pos) {
  for (; pos + kAtOnce <= text.size(); pos += kAtOnce) {
    const auto bytes = bytes_at(text.data() + pos);
    const auto found = first((bytes < 0x20) | (bytes == '"') | (bytes == '\\'));
    if (found < kAtOnce) return pos + found;
  }
  while (pos < text.size() && is_plain(text[pos])) ++pos;
  return pos;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes digits, one at least.
bool take_digits(std::string_view& in) {
  const auto end = std::ranges::find_if_not(in, is_digit);
  const bool any = end != in.begin();
  in = {end, in.end()};
  return any;
}

/// The code unit that an escape at the beginning of `text` stands for; nullopt: no such escape.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return unit;
}

/// The length of a whole escape at the beginning of `text`; 0: it is none.
std::size_t escape_length(std::string_view text) {
  if (escaped_unit(text)) return 6;
  return text.size() >= 2 && std::string_view(R"("\/bfnrt)").contains(text[1]) ? 2 : 0;
}

/// What plain_end() says, past the escapes from `pos` on; npos: one of them is none.
[[gnu::noinline]] std::size_t escaped_end(std::string_view text, std::size_t pos) {
  while (pos < text.size() && text[pos] == '\\') {
    const auto length = escape_length(text.substr(pos));
    if (length == 0) return text.npos;
    pos = plain_end(text, pos + length);
  }
  return pos;
}

/// The character that the \u escape at the beginning of `text` stands for, with the one behind it where they are
/// halves.
char32_t take_character(std::string_view& text) {
  constexpr char32_t kReplacement = 0xFFFD;
  const unsigned unit = *escaped_unit(text);
  text.remove_prefix(6);
  if (unit < 0xD800 || unit >= 0xE000) return unit;
  const auto other = escaped_unit(text);
  if (unit >= 0xDC00 || !other || *other < 0xDC00 || *other >= 0xE000) return kReplacement;
  text.remove_prefix(6);
  return 0x10000 + (((unit - 0xD800) << 10) | (*other - 0xDC00));
}

}  // namespace

bool JsonScan::string(String& out) {
  if (!take('"')) return false;
  auto pos = plain_end(rest_, 0);
  out.escaped = pos < rest_.size() && rest_[pos] == '\\';
  if (out.escaped) pos = escaped_end(rest_, pos);
  if (pos >= rest_.size() || rest_[pos] != '"') return false;
  out.text = {rest_.data(), pos};
  rest_.remove_prefix(pos + 1);
  return true;
}

std::size_t JsonScan::same(std::string_view text) const {
  const auto size = std::min(text.size(), rest_.size());
  std::size_t pos = 0;
  for (; pos + kAtOnce <= size; pos += kAtOnce) {
    const auto found = first(bytes_at(rest_.data() + pos) != bytes_at(text.data() + pos));
    if (found < kAtOnce) return pos + found;
  }
  while (pos < size && rest_[pos] == text[pos]) ++pos;
  return pos;
}

bool JsonScan::value(std::string_view& out) {
  next();
  const auto* begin = rest_.data();
  if (!skip_value()) return false;
  out = {begin, rest_.data()};
  return true;
}

bool JsonScan::skip_value() {
  String string;
  switch (next()) {
    case '"':
      return this->string(string);
    case '{':
      return items('{', '}', [&] { return this->string(string) && take(':') && skip_value(); });
    case '[':
      return items('[', ']', [&] { return skip_value(); });
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
  }
}

bool JsonScan::number() {
  if (rest_.starts_with('-')) rest_.remove_prefix(1);
  if (rest_.starts_with('0'))
    rest_.remove_prefix(1);
  else if (!take_digits(rest_))
    return false;
  if (rest_.starts_with('.')) {
    rest_.remove_prefix(1);
    if (!take_digits(rest_)) return false;
  }
  if (rest_.starts_with('e') || rest_.starts_with('E')) {
    rest_.remove_prefix(1);
    if (rest_.starts_with('-') || rest_.starts_with('+')) rest_.remove_prefix(1);
    int exponent = 0;  // one that no int holds is a mistake or an attack
    const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), exponent);
    if (rest_.starts_with('-') || read.ec != std::errc{}) return false;
    rest_ = {read.ptr, rest_.data() + rest_.size()};
  }
  return true;
}

bool JsonScan::word(std::string_view word) {
  const bool there = rest_.starts_with(word);
  if (there) rest_.remove_prefix(word.size());
  return there;
}

std::string unescaped(std::string_view text) {
  static constexpr std::string_view kLetters = "bfnrt";
  static constexpr std::string_view kMeant = "\b\f\n\r\t";
  std::string out;
  while (!text.empty()) {
    const auto plain = std::min(text.find('\\'), text.size());
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    if (text[1] == 'u') {
      text::append_utf8(take_character(text), out);
      continue;
    }
    const auto letter = kLetters.find(text[1]);
    out += letter == kLetters.npos ? text[1] : kMeant[letter];
    text.remove_prefix(2);
  }
  return out;
}

}  // namespace sluice::orders
