#include "looked_up_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "in_doubt_files.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

using ports::LookedUp;
using ports::Task;

constexpr std::string_view kColumn = "applied";
constexpr std::array<std::string_view, 5> kYes = {"yes", "y", "true", "1", "是"};
constexpr std::array<std::string_view, 5> kNo = {"no", "n", "false", "0", "否"};

/// Nothing: it is neither yes nor no, nor empty.
std::optional<LookedUp> answer_of(std::string_view cell) {
  const auto word = text::match_key(cell);
  if (word.empty()) return LookedUp::not_yet;
  if (std::ranges::find(kYes, word) != kYes.end()) return LookedUp::applied;
  if (std::ranges::find(kNo, word) != kNo.end()) return LookedUp::not_applied;
  return std::nullopt;
}

struct Row {
  records::RowRef ref;
  std::uint64_t line = 0;
  std::uint64_t order_hash = 0;
};

/// Keeps which order stands where.
class OrdersSink final : public pipeline::SurveySink {
 public:
  Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading&) override {
    format_ = format;
    rows.clear();
    fault.clear();
    co_return Result<void>{};
  }
  void valid(const records::RowRef& ref, std::uint64_t line, const orders::Judged& judged) override {
    rows.push_back({ref, line, judged.order.hash()});
  }
  void settled(std::uint64_t line, const records::RowResult& result) override {
    if (fault.empty()) fault = fmt::format("line {}: {}", line, result.message);
  }
  Task<Result<void>> breathe() override { co_return Result<void>{}; }

  const records::Format& format() const { return format_; }

  std::vector<Row> rows;
  std::string fault;

 private:
  records::Format format_;
};

/// Where the column stands: in the header, or among an object's own names.
std::optional<std::size_t> column_in(const std::vector<std::string>& names) {
  const auto at = std::ranges::find(names, kColumn, [](const std::string& name) { return text::match_key(name); });
  if (at == names.end()) return std::nullopt;
  return static_cast<std::size_t>(at - names.begin());
}

std::string cell_of(const records::Format& format, const records::Record& record) {
  const auto column = column_in(format.shape == records::Shape::delimited ? format.header : record.names);
  return column && *column < record.cells.size() ? std::string(record.cells[*column].text) : "";
}

}  // namespace

Task<Result<std::map<std::uint64_t, LookedUp>>> read_looked_up(std::string path, JobId job, ports::Clock& clock) {
  const auto shown = text::shown(path, 255);
  const auto refused = [&](const std::string& why) { return fail(ErrorKind::bad_input, shown + ": " + why); };
  const auto file = adapters::spool::open_plain_file(path);
  if (!file) co_return std::unexpected(file.error());
  OrdersSink sink;
  const auto verdict = co_await pipeline::survey(**file, begin_of_day(job), {}, sink, clock);
  if (!verdict) co_return refused(verdict.error().words);
  if (const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict)) co_return refused(rejected->reason);
  if (!sink.fault.empty()) co_return refused(sink.fault);
  const bool delimited = sink.format().shape == records::Shape::delimited;
  if (delimited && !column_in(sink.format().header))
    co_return refused("has no column applied: add one, with yes or no in each row that was looked up");
  std::map<std::uint64_t, LookedUp> answers;
  for (const auto& row : sink.rows) {
    const auto raw = co_await (*file)->read_at(row.ref.offset, row.ref.length);
    if (!raw) co_return std::unexpected(raw.error());
    const auto record = records::read_again(sink.format(), *raw);
    if (!record) co_return refused("was changed while it was read");
    const auto cell = cell_of(sink.format(), *record);
    const auto answer = answer_of(cell);
    if (!answer)
      co_return refused(
          fmt::format("{} {}: applied is \"{}\": expected yes or no, or nothing where it is not known yet",
                      delimited ? "line" : "order", row.line, text::shown(cell)));
    if (*answer != LookedUp::not_yet) answers.emplace(row.order_hash, *answer);
  }
  if (answers.empty()) co_return refused("says of no order whether it was applied: fill in the column applied");
  co_return answers;
}

}  // namespace sluice::app
