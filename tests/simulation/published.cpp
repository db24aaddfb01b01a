#include "published.hpp"

#include <fmt/format.h>
#include <boost/json/parse.hpp>

#include <algorithm>
#include <charconv>
#include <optional>

#include "sluice/orders/service.hpp"
#include "sluice/records/reader.hpp"

namespace sluice::simulation {

namespace json = boost::json;

namespace {

std::optional<records::Outcome> outcome_of(std::string_view name) {
  for (std::uint8_t i = 1; i < records::kOutcomes; ++i) {
    if (records::name(records::Outcome{i}) == name) return records::Outcome{i};
  }
  return std::nullopt;
}

std::expected<PublishedRow, std::string> judge(PublishedRow row, std::string_view outcome, std::uint64_t line) {
  const auto known = outcome_of(outcome);
  if (!known) return std::unexpected(fmt::format("unknown result '{}'", outcome));
  row.outcome = *known;
  row.line = line;
  return row;
}

/// A delimited file's row: the result columns are the last ones.
std::expected<PublishedRow, std::string> from_cells(ReadRow read) {
  constexpr std::size_t added = records::kResultColumns.size();
  if (read.values.size() < added) return std::unexpected("a row without result columns");
  const std::size_t own = read.values.size() - added;
  const std::string outcome = read.values[own];
  const std::string line = read.values[own + 6];
  std::uint64_t number = 0;
  std::from_chars(line.data(), line.data() + line.size(), number);
  read.values.resize(own);
  return judge(PublishedRow{.own = std::move(read)}, outcome, number);
}

/// A JSON file's: the last member is "result".
std::expected<PublishedRow, std::string> from_member(ReadRow read) {
  if (read.names.back() != "result") return std::unexpected("an order without a result");
  json::error_code error;
  const json::value result = json::parse(read.values.back(), error);
  if (error || !result.is_object() || !result.get_object().contains("outcome")) return std::unexpected("a bad result");
  const auto& members = result.get_object();
  const std::string outcome(members.at("outcome").as_string());
  const auto line = members.at("row").to_number<std::uint64_t>();
  read.names.pop_back();
  read.values.pop_back();
  return judge(PublishedRow{.own = std::move(read)}, outcome, line);
}

ReadRow copy(records::Record& record) {
  ReadRow row{.line = record.line, .names = std::move(record.names), .values = {}};
  for (const auto& cell : record.cells) row.values.emplace_back(cell.text);
  return row;
}

}  // namespace

std::expected<std::vector<ReadRow>, std::string> read_rows(const std::string& content) {
  const auto format = records::sniff(content, true, text::Encoding::utf8, {.wrappers = orders::wrappers()});
  if (!format) return std::unexpected(text::say(text::Lang::en, format.error().message));
  records::Reader reader(*format);
  reader.feed(content, true);
  std::vector<ReadRow> rows;
  records::Record record;
  while (true) {
    const auto step = reader.next(record);
    if (!step) return std::unexpected(text::say(text::Lang::en, step.error().message));
    if (*step != records::Reader::Step::record) return rows;
    rows.push_back(copy(record));
  }
}

std::expected<std::vector<PublishedRow>, std::string> read_published(const std::string& content) {
  auto rows = read_rows(content);
  if (!rows) return std::unexpected(rows.error());
  std::vector<PublishedRow> published;
  for (auto& row : *rows) {
    auto one = row.names.empty() ? from_cells(std::move(row)) : from_member(std::move(row));
    if (!one) return std::unexpected(one.error());
    published.push_back(std::move(*one));
  }
  return published;
}

}  // namespace sluice::simulation
