#include "json_members.hpp"

#include "json_scanner.hpp"
#include "sluice/text/encoding.hpp"

namespace sluice::records {
namespace {

std::size_t skip_space(std::string_view text, std::size_t pos) {
  while (is_json_space(text[pos])) ++pos;
  return pos;
}

/// After the string that begins at `pos`.
std::size_t skip_string(std::string_view text, std::size_t pos) {
  for (++pos; text[pos] != '"'; ++pos) {
    if (text[pos] == '\\') ++pos;
  }
  return pos + 1;
}

/// After the value that begins at `pos`.
std::size_t skip_value(std::string_view text, std::size_t pos) {
  if (text[pos] == '"') return skip_string(text, pos);
  if (text[pos] != '{' && text[pos] != '[') return text.find_first_of(",} \t\r\n", pos);
  std::size_t depth = 0;
  do {
    const char c = text[pos];
    if (c == '"') {
      pos = skip_string(text, pos);
      continue;
    }
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
    ++pos;
  } while (depth > 0);
  return pos;
}

CellKind kind_of(char first) {
  switch (first) {
    case '"':
      return CellKind::text;
    case '{':
    case '[':
      return CellKind::nested;
    case 't':
    case 'f':
      return CellKind::boolean;
    case 'n':
      return CellKind::null;
    default:
      return CellKind::number;
  }
}

unsigned hex4(std::string_view digits) {
  unsigned value = 0;
  for (const char c : digits) value = value << 4 | static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
  return value;
}

/// Appends what the escape at `pos` (behind its backslash) stands for; returns where it ends.
std::size_t append_escape(std::string_view spelled, std::size_t pos, std::string& out) {
  static constexpr std::string_view kLetters = "bfnrt";
  static constexpr std::string_view kMeanings = "\b\f\n\r\t";
  const char c = spelled[pos];
  if (c != 'u') {
    const auto letter = kLetters.find(c);
    out += letter == kLetters.npos ? c : kMeanings[letter];
    return pos + 1;
  }
  char32_t value = hex4(spelled.substr(pos + 1, 4));
  pos += 5;
  if (value >= 0xD800 && value < 0xDC00) {
    value = 0x10000 + ((value - 0xD800) << 10) + (hex4(spelled.substr(pos + 2, 4)) - 0xDC00);
    pos += 6;
  }
  text::append_utf8(value, out);
  return pos;
}

}  // namespace

void find_members(std::string_view object, std::vector<JsonMember>& out) {
  out.clear();
  std::size_t pos = skip_space(object, 1);
  while (object[pos] != '}') {
    JsonMember& member = out.emplace_back();
    member.name_begin = pos;
    member.name_end = skip_string(object, pos);
    member.value_begin = skip_space(object, skip_space(object, member.name_end) + 1);
    member.value_end = skip_value(object, member.value_begin);
    pos = skip_space(object, member.value_end);
    if (object[pos] == ',') pos = skip_space(object, pos + 1);
  }
}

std::string unescaped(std::string_view spelled) {
  const std::string_view inner = spelled.substr(1, spelled.size() - 2);
  std::string out;
  std::size_t pos = 0;
  for (auto slash = inner.find('\\'); slash != inner.npos; slash = inner.find('\\', pos)) {
    out += inner.substr(pos, slash - pos);
    pos = append_escape(inner, slash + 1, out);
  }
  return out += inner.substr(pos);
}

void fill_record(std::string_view object, const std::vector<JsonMember>& members, Record& out) {
  out.names.resize(members.size());
  out.cells.renew(members.size());
  for (std::size_t i = 0; i < members.size(); ++i) {
    const JsonMember& member = members[i];
    const std::string_view value = object.substr(member.value_begin, member.value_end - member.value_begin);
    out.names[i] = unescaped(object.substr(member.name_begin, member.name_end - member.name_begin));
    out.cells[i] = {value, kind_of(value.front())};
    if (out.cells[i].kind != CellKind::text) continue;
    const auto inner = value.substr(1, value.size() - 2);
    out.cells[i].text = inner.contains('\\') ? out.cells.keep(unescaped(value)) : inner;
  }
}

}  // namespace sluice::records
