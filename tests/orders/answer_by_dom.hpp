#pragma once

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "orders/answer_json.hpp"

/// AnswerJson's contract by way of a whole document in memory, to hold it to.
namespace sluice::orders::by_dom {

namespace json = boost::json;

inline bool same_in_any_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

inline const json::value* member(const json::object& object, std::string_view name) {
  if (const auto* exact = object.if_contains(name)) return exact;
  for (const auto& [key, value] : object)
    if (same_in_any_case(key, name)) return &value;
  return nullptr;
}

inline std::optional<std::string> text_of(const json::object& object, std::string_view name) {
  const json::value* value = member(object, name);
  if (!value || value->is_null()) return std::nullopt;
  if (const auto* string = value->if_string()) return std::string(*string);
  if (const double* real = value->if_double(); real && std::abs(*real) < 9007199254740992 && std::trunc(*real) == *real)
    return std::to_string(static_cast<std::int64_t>(*real));
  return json::serialize(*value);
}

inline const json::array* rows_of(const json::object& root) {
  const json::value* data = member(root, "data");
  if (!data) return nullptr;
  if (const auto* array = data->if_array()) return array;
  if (const auto* object = data->if_object())
    for (const auto& [key, value] : *object)
      if (const auto* array = value.if_array()) return array;
  return nullptr;
}

inline bool has_data(const json::object& root) {
  const json::value* data = member(root, "data");
  if (!data || data->is_null()) return false;
  if (const auto* array = data->if_array()) return !array->empty();
  if (const auto* object = data->if_object()) return !object->empty();
  return !data->is_string() || !data->get_string().empty();
}

inline bool same_value(const AnswerJson::Value& ours, const json::object& theirs, std::string_view name) {
  return ours.there == (member(theirs, name) != nullptr) && ours.said() == text_of(theirs, name);
}

inline constexpr std::string_view kOfRows[] = {"uid", "status", "orderId", "startTime", "none", "UID"};

inline bool same_row(AnswerJson::Row ours, const json::object& theirs) {
  std::size_t i = 0;
  return std::ranges::all_of(kOfRows, [&](std::string_view name) { return same_value(ours[i++], theirs, name); });
}

inline bool same_root(const AnswerJson& ours, const json::object& theirs) {
  constexpr std::string_view kNames[] = {"code", "msg", "message", "none"};
  return std::ranges::all_of(kNames, [&](std::string_view name) { return same_value(ours.root(name), theirs, name); });
}

/// Whether the two say the same of a text that is JSON without halves of characters, and without repeated names but in
/// its root.
inline bool agrees(std::string_view text) {
  json::error_code error;
  const json::value document = json::parse(text, error);
  const auto ours = AnswerJson::parse(text, kOfRows);
  if (error) return !ours;
  if (!ours || ours->is_object() != document.is_object()) return false;
  const auto* root = document.if_object();
  if (!root) return true;
  const auto* rows = rows_of(*root);
  if (!same_root(*ours, *root) || ours->has_data() != has_data(*root)) return false;
  if (ours->rows() != (rows ? rows->size() : 0)) return false;
  for (std::size_t i = 0; i < ours->rows(); ++i) {
    const auto row = ours->row(i);
    const auto* object = (*rows)[i].if_object();
    if (row.has_value() != (object != nullptr) || (row && !same_row(*row, *object))) return false;
  }
  return true;
}

/// The same text without repeated names; empty: it is no JSON.
inline std::string without_repetitions(std::string_view text) {
  json::error_code error;
  const json::value document = json::parse(text, error);
  return error ? "" : json::serialize(document);
}

}  // namespace sluice::orders::by_dom
