#include "envelope.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

namespace json = boost::json;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_in_any_case(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, {}, lower, lower);
}

/// nullopt: neither UTF-8 nor GB18030.
std::optional<std::string> decoded(const std::string& body) {
  if (text::is_utf8(body)) return body;
  text::Decoded out;
  if (!text::decode(text::Encoding::gb18030, body, true, out)) return std::nullopt;
  return std::move(out.utf8);
}

/// The code unit that a JSON escape at the beginning of `text` stands for; nullopt: no such escape.
std::optional<unsigned> escaped_unit(std::string_view text) {
  if (text.size() < 6 || !text.starts_with("\\u")) return std::nullopt;
  unsigned unit = 0;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + 6, unit, 16);
  if (error != std::errc{} || end != text.data() + 6) return std::nullopt;
  return unit;
}

/// Escapes that are half a character (\ud800 without its other half) become that of U+FFFD: Boost.JSON takes no half.
std::string with_whole_characters(std::string_view json) {
  std::string whole;
  while (!json.empty()) {
    const auto unit = escaped_unit(json);
    const bool first = unit && *unit >= 0xD800 && *unit < 0xDC00;
    const bool second = unit && *unit >= 0xDC00 && *unit < 0xE000;
    const auto next = first ? escaped_unit(json.substr(6)) : std::nullopt;
    const bool pair = next && *next >= 0xDC00 && *next < 0xE000;
    const std::size_t taken = std::min<std::size_t>(pair ? 12 : unit ? 6 : json.front() == '\\' ? 2 : 1, json.size());
    whole += (first && !pair) || second ? "\\uFFFD" : json.substr(0, taken);
    json.remove_prefix(taken);
  }
  return whole;
}

std::optional<json::value> parsed(std::string_view utf8) {
  boost::system::error_code error;
  auto value = json::parse(utf8, error);
  if (error) value = json::parse(with_whole_characters(utf8), error);
  if (error) return std::nullopt;
  return value;
}

const json::array* rows_array(const json::object& root) {
  const json::value* data = member(root, "data");
  if (!data) return nullptr;
  if (const auto* array = data->if_array()) return array;
  const auto* object = data->if_object();
  if (!object) return nullptr;
  for (const auto& [key, value] : *object)
    if (const auto* array = value.if_array()) return array;
  return nullptr;
}

}  // namespace

const json::value* member(const json::object& object, std::string_view name) {
  if (const auto* exact = object.if_contains(name)) return exact;
  for (const auto& [key, value] : object)
    if (same_in_any_case(key, name)) return &value;
  return nullptr;
}

std::optional<std::string> text_of(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  if (const auto* string = value.if_string()) return std::string(*string);
  constexpr double kExact = 9007199254740992;  // 2^53
  if (const double* real = value.if_double(); real && std::abs(*real) < kExact && std::trunc(*real) == *real)
    return std::to_string(static_cast<std::int64_t>(*real));
  return json::serialize(value);
}

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  return value ? text_of(*value) : std::nullopt;
}

std::optional<int> integer_of(std::string_view text) {
  const auto trimmed = text::trim(text);
  int value = 0;
  const auto [end, error] = std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), value);
  if (error != std::errc{} || end != trimmed.data() + trimmed.size()) return std::nullopt;
  return value;
}

Envelope Envelope::read(const std::string& body) {
  Envelope envelope;
  const auto utf8 = decoded(body);
  if (!utf8) return envelope;
  envelope.text_ = true;
  const auto content = text::trim(*utf8);  // a BOM, too
  auto root = parsed(content);
  envelope.html_ = !root && content.starts_with('<');
  envelope.json_ = root && root->is_object();
  if (!envelope.json_) return envelope;
  envelope.root_ = *std::move(root);
  const auto& object = envelope.root_.get_object();
  if (const auto code = text_of(object, "code")) envelope.code_ = integer_of(*code);
  for (const auto name : {"msg", "message"})
    if (envelope.message_.empty()) envelope.message_ = text_of(object, name).value_or("");
  return envelope;
}

bool Envelope::has_data() const {
  const json::value* data = json_ ? member(root_.get_object(), "data") : nullptr;
  if (!data || data->is_null()) return false;
  if (const auto* array = data->if_array()) return !array->empty();
  if (const auto* object = data->if_object()) return !object->empty();
  return !data->is_string() || !data->get_string().empty();
}

std::vector<const json::object*> Envelope::rows() const {
  std::vector<const json::object*> rows;
  const json::array* array = json_ ? rows_array(root_.get_object()) : nullptr;
  if (!array) return rows;
  for (const auto& element : *array) rows.push_back(element.if_object());
  return rows;
}

}  // namespace sluice::orders
