// `recover`: after a lost or damaged ledger, publishes what the claimed files and the remains tell.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <map>

#include "recover_sink.hpp"
#include "sluice/app/commands.hpp"
#include "sluice/app/exit_code.hpp"
#include "sluice/app/logging.hpp"
#include "sluice/app/machine.hpp"
#include "sluice/app/used_numbers.hpp"
#include "sluice/pipeline/survey.hpp"

namespace sluice::app {

namespace {

using adapters::LedgerSalvage;
using ports::JobHeader;
using ports::JobState;
using ports::Task;

/// What is known of the jobs before this spool is worked on again.
struct Found {
  std::unique_ptr<LedgerSalvage> salvage;  ///< null: nothing can be read
  std::map<JobId, JobHeader> headers;
};

int leave(const Error& error) {
  fmt::print(stderr, "{}\n", error.words);
  return exit_code_of(error);
}

/// Midnight UTC+8 of the day the job was claimed: no row that was good then is called invalid now.
WallTime begin_of(JobId job) {
  const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(job.day / 10000)),
                                        std::chrono::month(job.day / 100 % 100), std::chrono::day(job.day % 100)};
  return day.ok() ? WallTime{std::chrono::sys_days{day}} - kApiOffset : WallTime{};
}

void set_aside(const std::string& path, WallTime now) {
  std::error_code ignored;
  const auto stamp = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path + suffix, fmt::format("{}.damaged-{}{}", path, stamp, suffix), ignored);
  }
}

/// Numbers below what was ever used are never given out again.
std::vector<ports::Change> keep_numbers(const Found& found, ports::Ledger::Numbers used, WallTime now) {
  std::vector<ports::Change> changes;
  if (found.salvage) {
    const auto known = found.salvage->numbers();
    used.job = std::max(used.job, known.job);
    used.batch = std::max(used.batch, known.batch);
    changes.emplace_back(ports::PutDoubts{found.salvage->doubts()});
    changes.emplace_back(ports::PutNote{"paused", found.salvage->note("paused")});
    const auto today = day_number(api_day(now));
    changes.emplace_back(ports::CountFirstSends{today, found.salvage->first_sends(today)});
  }
  JobHeader last;
  last.id = {.day = day_number(api_day(now)), .n = used.job + 1};
  last.state = JobState::dropped;
  changes.emplace_back(ports::PutJob{last});
  ports::Batch batch;
  batch.id = BatchId{used.batch + 1};
  batch.job = last.id;
  changes.emplace_back(ports::PutBatches{{batch}});
  changes.emplace_back(ports::DropBatch{batch.id, batch.job});
  return changes;
}

class Recovery {
 public:
  Recovery(adapters::PosixSpool& spool, ports::Ledger& ledger, Found& found, const config::Settings& settings,
           ports::Clock& clock)
      : spool_(spool), ledger_(ledger), found_(found), settings_(settings), clock_(clock) {}

  Task<Result<void>> run() {
    const auto remains = co_await spool_.remains();
    if (!remains) co_return std::unexpected(remains.error());
    for (const auto& remain : *remains) {
      if (!remain.claimed) continue;
      const auto known = co_await ledger_.job(remain.job);
      if (!known) co_return std::unexpected(known.error());
      const bool at_work = *known && (*known)->state != JobState::dropped && (*known)->state != JobState::done;
      if (at_work) continue;
      if (auto done = co_await rebuild(remain, *known); !done) co_return done;
    }
    co_return Result<void>{};
  }

 private:
  JobHeader header_of(const adapters::Remains& remain, const std::optional<JobHeader>& half_rebuilt) const {
    if (half_rebuilt) return *half_rebuilt;
    if (const auto known = found_.headers.find(remain.job); known != found_.headers.end()) return known->second;
    JobHeader header;
    header.id = remain.job;
    header.name = remain.dropped_name.value_or("recovered");
    return header;
  }

  Task<Result<void>> rebuild(adapters::Remains remain, std::optional<JobHeader> half_rebuilt) {
    auto header = header_of(remain, half_rebuilt);
    header.started_at = header.started_at.value_or(begin_of(remain.job));
    header.claimed_at = header.claimed_at.value_or(*header.started_at);
    header.counts = {};
    const auto results = settings_.spool + "/outbox/" + output_name(header.name, header.id, ports::OutputKind::results);
    const bool staged = header.state == JobState::staged || std::filesystem::exists(results);
    auto file = co_await spool_.read(remain.job);
    if (!file) co_return std::unexpected(file.error());
    // Not open until all its rows are known: cut off here, nothing of it is sent, and the next `recover` begins again.
    header.state = JobState::dropped;
    if (auto done = co_await ledger_.commit({ports::PutJob{header}}); !done) co_return done;
    RecoverSink sink(remain.job, found_.salvage.get(), ledger_, clock_.wall());
    const auto verdict = co_await pipeline::survey(**file, *header.started_at, {}, sink, clock_);
    if (!verdict) co_return std::unexpected(verdict.error());
    if (const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict)) {
      header.state = JobState::rejecting;
      header.reason = rejected->reason;
      co_return co_await ledger_.commit({ports::ForgetSurvey{header.id}, ports::PutJob{header}});
    }
    const auto& surveyed = std::get<pipeline::Surveyed>(*verdict);
    header.file = surveyed.file;
    header.service = surveyed.service;
    header.format = records::to_ledger(surveyed.format);
    header.ascii = surveyed.ascii;
    header.chinese = surveyed.lang == text::Lang::zh;
    header.rows = surveyed.rows;
    header.hold = ports::Hold::none;
    // Outputs that were complete before are published as they are.
    header.state = staged ? JobState::staged : JobState::sending;
    fmt::print("{}: {} rows of {} rebuilt\n", to_string(header.id), header.rows, header.name);
    co_return co_await ledger_.commit({ports::PutJob{header}});
  }

  adapters::PosixSpool& spool_;
  ports::Ledger& ledger_;
  Found& found_;
  const config::Settings& settings_;
  ports::Clock& clock_;
};

/// A fresh ledger beside the damaged one, if there is need for one.
Result<Found> make_room(const config::Settings& settings, WallTime now) {
  auto lock = adapters::SpoolLock::take(settings.spool);
  if (!lock) return std::unexpected(lock.error());
  const auto path = ledger_path(settings);
  Found found;
  if (!std::filesystem::exists(path)) return found;
  {
    auto sound = adapters::SqliteLedger::open(path);
    if (sound) return found;
    if (sound.error().kind != ErrorKind::corrupt) return std::unexpected(sound.error());
    fmt::print("{}\n", sound.error().words);
  }
  auto salvage = LedgerSalvage::open(path);
  if (salvage) {
    for (auto& job : (*salvage)->jobs()) found.headers.emplace(job.id, job);
    found.salvage = std::move(*salvage);
  } else if (salvage.error().kind != ErrorKind::corrupt) {
    return std::unexpected(salvage.error());
  }
  set_aside(path, now);
  return found;
}

template <class T>
T finish(boost::asio::io_context& io, Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& thrown, T value) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(value);
  });
  io.restart();
  while (!result && io.run_one() > 0) {
  }
  return std::move(*result);
}

/// Also when an earlier `recover` was cut off after it had made the ledger.
Result<void> keep_what_was_used(Machine& machine, const Found& found, WallTime now) {
  auto used = finish(machine.io, machine.ledger->numbers());
  if (!used) return std::unexpected(used.error());
  const auto of_files = used_job_numbers(machine.settings.spool);
  if (!machine.ledger->created() && used->job >= of_files) return {};
  used->job = std::max(used->job, of_files);
  return finish(machine.io, machine.ledger->commit(keep_numbers(found, *used, now)));
}

}  // namespace

int recover(const CommandLine&, const config::Settings& settings) {
  set_up_logging(settings);
  const auto now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  auto found = make_room(settings, now);
  if (!found) return leave(found.error());
  auto machine = build_machine(settings, LostLedger::is_expected);
  if (!machine) return leave(machine.error());
  auto& m = **machine;
  if (auto kept = keep_what_was_used(m, *found, now); !kept) return leave(kept.error());
  Recovery recovery(*m.spool, *m.ledger, *found, settings, *m.clock);
  const auto rebuilt = finish(m.io, recovery.run());
  if (!rebuilt) return leave(rebuilt.error());
  if (found->salvage) {
    for (const auto& line : found->salvage->damage()) fmt::print("not readable: {}\n", line);
  }
  const auto published = finish(m.io, m.engine->publish_settled());
  if (!published) return leave(published.error());
  fmt::print(
      "recovered; outbox/ has what is known. Look up every order in an in-doubt file before placing it again.\n");
  return *published;
}

}  // namespace sluice::app
