#include "sluice/control/check_view.hpp"

#include <ranges>

#include "parsed.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/text/words/check.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
namespace words = text::words;

constexpr std::size_t kShownComplaints = 100;

void put(json::object& object, const std::string& key, const std::string& said) {
  object[key] = text::in(text::Lang::en, said);
  object[key + "_zh"] = text::in(text::Lang::zh, said);
}

json::array columns_of(const pipeline::CheckReport& report) {
  json::array columns;
  for (const auto& one : report.columns)
    columns.push_back({{"spelled", one.spelled}, {"field", one.field}, {"nearest", one.nearest}});
  return columns;
}

json::array complaints_of(const pipeline::CheckReport& report) {
  json::array complaints;
  for (const auto& one : report.complaints | std::views::take(kShownComplaints)) {
    complaints.push_back(
        {{"line", one.line}, {"outcome", one.outcome ? records::name(*one.outcome) : ""}, {"message", one.message}});
  }
  return complaints;
}

json::array warnings_of(const pipeline::CheckReport& report, text::Lang language) {
  json::array warnings;
  for (const auto& one : report.warnings) warnings.emplace_back(text::say(language, one));
  return warnings;
}

}  // namespace

std::string shape_words(const records::Format& format) {
  if (format.shape == records::Shape::json_array) return words::json_array();
  if (format.shape == records::Shape::json_lines) return words::json_lines();
  if (format.shape == records::Shape::json_wrapped) return words::json_wrapped(text::shown(format.wrapper));
  const auto& delimiter = format.delimiter == ','   ? words::by_comma
                          : format.delimiter == ';' ? words::by_semicolon
                          : format.delimiter == '|' ? words::by_bar
                                                    : words::by_tab;
  const char* ends = format.newline == "\r\n" ? "CRLF" : format.newline == "\r" ? "CR" : "LF";
  return words::delimited(delimiter(), ends);
}

json::object check_object(const pipeline::CheckReport& report) {
  json::object object;
  put(object, "rejected", report.rejected);
  if (!report.rejected.empty()) return object;
  object["service"] = orders::service(report.service).name;
  object["encoding"] = text::name(report.format.encoding);
  put(object, "format", shape_words(report.format));
  object["counts_lines"] = report.lines();
  object["columns"] = columns_of(report);
  object["rows"] = report.rows;
  object["to_send"] = report.to_send;
  object["invalid"] = report.invalid;
  object["duplicates"] = report.duplicates;
  object["in_doubt"] = report.in_doubt;
  object["complaints"] = complaints_of(report);
  object["complaints_total"] = report.complaints.size() + report.unlisted;
  object["warnings"] = warnings_of(report, text::Lang::en);
  object["warnings_zh"] = warnings_of(report, text::Lang::zh);
  object["requests"] = report.requests;
  object["seconds"] = report.seconds;
  const auto& active = report.activation;
  object["activation_day"] = active ? orders::to_string(active->day) : "";
  object["deadline"] = active ? json::value(rfc3339(active->deadline)) : nullptr;
  object["activation_day_after"] = active ? orders::to_string(active->day_after) : "";
  object["in_time"] = active ? active->in_time : report.to_send;
  object["placed_before"] = report.placed.orders;
  object["placed_by"] = report.placed.last ? to_string(*report.placed.last) : "";
  object["held_by_cap"] = report.held_by_cap;
  return object;
}

}  // namespace sluice::control
