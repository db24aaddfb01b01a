#pragma once

#include <boost/json.hpp>

#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/status.hpp"

namespace sluice::control {

// Pieces of the views: JSON read back as tolerantly as another version's answer asks for.

inline std::unexpected<Error> unreadable() {
  return fail(ErrorKind::bad_input, text::words::unreadable_answer());
}

inline Result<boost::json::object> parsed(std::string_view text) {
  boost::system::error_code error;
  auto value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return unreadable();
  return std::move(value.as_object());
}

/// A member's text; empty: it has none, or it is no text.
inline std::string_view word_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->as_string()) : std::string_view();
}

/// A member that is a list; null: it has none.
inline const boost::json::array* array_of(const boost::json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr ? value->if_array() : nullptr;
}

/// Zeros where there is nothing, or what is no counts.
inline ports::Counts counts_of(const boost::json::value* told) {
  ports::Counts counts{};
  if (told == nullptr || !told->is_object()) return counts;
  for (const auto outcome : records::kEveryOutcome) {
    const auto* count = told->as_object().if_contains(records::name(outcome));
    boost::system::error_code error;
    if (count != nullptr && count->is_number()) counts[outcome] = count->to_number<std::uint64_t>(error);
  }
  return counts;
}

inline boost::json::value time_or_null(const std::optional<WallTime>& t) {
  return t ? boost::json::value(rfc3339(*t)) : boost::json::value(nullptr);
}

/// Where its bytes are no UTF-8, as people are shown them: JSON takes nothing else.
inline std::string readable_name(const ports::JobHeader& job) {
  constexpr std::size_t kLongestName = 255;
  return text::is_utf8(job.name) ? job.name : text::shown(job.name, kLongestName);
}

inline boost::json::object counts_object(const ports::Counts& counts) {
  boost::json::object object;
  for (const auto outcome : records::kEveryOutcome) object[records::name(outcome)] = counts[outcome];
  return object;
}

}  // namespace sluice::control
