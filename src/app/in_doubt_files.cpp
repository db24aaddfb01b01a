#include "in_doubt_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/check.hpp"
#include "sluice/text/words/recovery.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

using ports::LookedUp;

constexpr std::string_view kColumn = "applied";
constexpr std::array<std::string_view, 5> kYes = {"yes", "y", "true", "1", "是"};
constexpr std::array<std::string_view, 5> kNo = {"no", "n", "false", "0", "否"};

using ports::Task;

/// Every order of the file is in doubt.
class DoubtSink final : public pipeline::SurveySink {
 public:
  explicit DoubtSink(InDoubtFile& file) : file_(file) {}

  Task<Result<void>> begin(const records::Format&, const pipeline::OrderReading&) override {
    file_.doubts.clear();
    file_.unread = 0;
    co_return Result<void>{};
  }
  void valid(const records::RowRef& row, std::uint64_t, const orders::Judged& judged,
             const pipeline::OrderHashes&) override {
    file_.doubts.push_back({.order_hash = judged.order.hash(),
                            .order = orders::body(std::span(&judged.order, 1)),
                            .job = file_.job,
                            .row = row.row,
                            .since = file_.written});
  }
  void settled(std::uint64_t, const records::RowResult& result) override {
    if (result.outcome != records::Outcome::duplicate) ++file_.unread;
  }
  Task<Result<void>> breathe() override { co_return Result<void>{}; }

 private:
  InDoubtFile& file_;
};

/// False: too old to count.
Task<Result<bool>> read(const std::string& path, InDoubtFile& file, ports::Clock& clock) {
  const auto opened = adapters::spool::open_own_file(path);
  if (!opened) co_return std::unexpected(opened.error());
  const auto identity = co_await (*opened)->identity();
  if (!identity) co_return std::unexpected(identity.error());
  file.written = std::chrono::floor<Millis>(
      std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(identity->mtime_ns)));
  if (clock.wall() - file.written >= ports::kDoubtsKept) co_return false;
  DoubtSink sink(file);
  const auto verdict = co_await pipeline::survey(**opened, begin_of_day(file.job), {}, sink, clock);
  if (!verdict) co_return std::unexpected(verdict.error());
  const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict);
  // Its reason quotes the file, which somebody may have put in the place of ours.
  if (rejected != nullptr) co_return fail(ErrorKind::bad_input, words::not_as_written());
  co_return true;
}

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
  void valid(const records::RowRef& ref, std::uint64_t line, const orders::Judged& judged,
             const pipeline::OrderHashes&) override {
    rows.push_back({ref, line, judged.order.hash()});
  }
  void settled(std::uint64_t line, const records::RowResult& result) override {
    if (fault.empty()) fault = words::looked_up_fault(words::line_number(line), result.message);
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

WallTime begin_of_day(JobId job) {
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(job.day / 10000)),
                                        std::chrono::month(job.day / 100 % 100), std::chrono::day(job.day % 100)};
  return day.ok() ? WallTime{std::chrono::sys_days{day}} - kApiOffset : WallTime{};
}

Task<Result<std::vector<InDoubtFile>>> in_doubt_files(std::string spool, ports::Clock& clock) {
  const auto folder = spool + "/outbox";
  std::vector<InDoubtFile> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto name = at->path().filename().string();
    auto made_of = read_output_name(name, ports::OutputKind::in_doubt);
    if (!made_of) continue;
    files.push_back({.name = name,
                     .job = made_of->job,
                     .dropped = std::move(made_of->dropped),
                     .written = {},
                     .doubts = {},
                     .unread = 0,
                     .trouble = {}});
  }
  if (error) co_return fail(ErrorKind::io, words::folder_not_listed(folder, text::system_words(error.value())));
  std::vector<InDoubtFile> young;
  for (auto& file : files) {
    const auto counts = co_await read(folder + "/" + file.name, file, clock);
    if (!counts) file.trouble = counts.error().words;
    if (!counts || *counts) young.push_back(std::move(file));
  }
  std::ranges::sort(young, {}, &InDoubtFile::job);
  co_return young;
}

Task<Result<std::map<std::uint64_t, LookedUp>>> read_looked_up(std::string path, JobId job, ports::Clock& clock) {
  const auto shown = text::shown(path, 255);
  const auto refused = [&](const std::string& why) {
    return fail(ErrorKind::bad_input, words::looked_up_file(shown, why));
  };
  const auto file = adapters::spool::open_plain_file(path);
  if (!file) co_return std::unexpected(file.error());
  OrdersSink sink;
  const auto verdict = co_await pipeline::survey(**file, begin_of_day(job), {}, sink, clock);
  if (!verdict) co_return refused(verdict.error().words);
  if (const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict)) co_return refused(rejected->reason);
  if (!sink.fault.empty()) co_return refused(sink.fault);
  const bool delimited = sink.format().shape == records::Shape::delimited;
  if (delimited && !column_in(sink.format().header)) co_return refused(words::no_applied_column());
  std::map<std::uint64_t, LookedUp> answers;
  for (const auto& row : sink.rows) {
    const auto raw = co_await (*file)->read_at(row.ref.offset, row.ref.length);
    if (!raw) co_return std::unexpected(raw.error());
    const auto record = records::read_again(sink.format(), *raw);
    if (!record) co_return refused(words::looked_up_changed());
    const auto cell = cell_of(sink.format(), *record);
    const auto answer = answer_of(cell);
    if (!answer)
      co_return refused(words::applied_unread(delimited ? words::line_number(row.line) : words::order_number(row.line),
                                              text::shown(cell)));
    if (*answer != LookedUp::not_yet) answers.emplace(row.order_hash, *answer);
  }
  if (answers.empty()) co_return refused(words::nothing_looked_up());
  co_return answers;
}

}  // namespace sluice::app
