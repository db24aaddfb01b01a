#include "result_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "sluice/base/rfc3339.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

std::string timestamp(const std::optional<WallTime>& at) {
  return at ? rfc3339(*at) : std::string();
}

std::string status_words(const RowResult& result, std::string_view absent) {
  return result.status ? fmt::to_string(*result.status) : std::string(absent);
}

/// What spreadsheets take for the begin of a formula, the full-width forms too, which some of them fold.
bool runs_as_formula(std::string_view cell) {
  static constexpr std::array<std::string_view, 10> kBegins = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
  return std::ranges::any_of(kBegins, [=](std::string_view begin) { return cell.starts_with(begin); });
}

std::string csv_cell(std::string cell, char delimiter) {
  if (runs_as_formula(cell)) cell.insert(0, 1, '\'');
  const bool plain = cell.find_first_of("\"\r\n") == cell.npos && cell.find(delimiter) == cell.npos;
  if (plain) return cell;
  std::string quoted = "\"";
  for (const char c : cell) quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

std::string json_text(std::string_view utf8, bool ascii) {
  const std::string escaped = text::json_escaped(utf8);
  return '"' + (ascii ? text::ascii_only(escaped) : escaped) + '"';
}

}  // namespace

std::string result_cells(const RowResult& result, std::uint64_t line, char delimiter, bool ascii) {
  const std::array<std::string, kResultColumns.size()> cells = {std::string(name(result.outcome)),
                                                                status_words(result, ""),
                                                                result.message,
                                                                result.order_id,
                                                                result.start_time,
                                                                result.end_time,
                                                                fmt::to_string(line),
                                                                fmt::to_string(result.attempts),
                                                                result.request,
                                                                timestamp(result.at)};
  std::string out;
  for (const std::string& cell : cells) {
    out += delimiter;
    out += csv_cell(ascii ? text::ascii_only(cell) : cell, delimiter);
  }
  return out;
}

std::string result_member(const RowResult& result, std::uint64_t line, bool ascii) {
  const auto text = [=](std::string_view utf8) { return json_text(utf8, ascii); };
  return fmt::format(
      R"("result":{{"outcome":{},"status":{},"message":{},"order_id":{},"start_time":{},"end_time":{},"row":{},)"
      R"("attempts":{},"request":{},"at":{}}})",
      text(name(result.outcome)), status_words(result, "null"), text(result.message), text(result.order_id),
      text(result.start_time), text(result.end_time), line, result.attempts, text(result.request),
      text(timestamp(result.at)));
}

}  // namespace sluice::records
