#include "in_doubt_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <span>
#include <system_error>
#include <utility>

#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::app {

namespace {

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
  void valid(const records::RowRef& row, std::uint64_t, const orders::Judged& judged) override {
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
  if (rejected != nullptr) co_return fail(ErrorKind::bad_input, "it is not as sluice wrote it");
  co_return true;
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
  if (error) co_return fail(ErrorKind::io, fmt::format("cannot list {}: {}", folder, error.message()));
  std::vector<InDoubtFile> young;
  for (auto& file : files) {
    const auto counts = co_await read(folder + "/" + file.name, file, clock);
    if (!counts) file.trouble = counts.error().words;
    if (!counts || *counts) young.push_back(std::move(file));
  }
  std::ranges::sort(young, {}, &InDoubtFile::job);
  co_return young;
}

}  // namespace sluice::app
