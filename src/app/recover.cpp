// `recover`: after a lost or damaged ledger, publishes what the claimed files and the remains tell.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

#include "recover_sink.hpp"
#include "sluice/app/commands.hpp"
#include "sluice/app/exit_code.hpp"
#include "sluice/app/finish_task.hpp"
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

/// A note in the ledger until all that was found is in it: cut off before, `recover` goes on.
constexpr auto* kUnfinished = "recovering";

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

/// The file before its log: left without it, it could pass for sound.
void set_aside(const std::string& path, WallTime now) {
  std::error_code ignored;
  const auto stamp = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count();
  for (const auto* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path + suffix, fmt::format("{}.damaged-{}{}", path, stamp, suffix), ignored);
  }
}

/// What a new ledger begins with, in one commit.
std::vector<ports::Change> first_changes(const Found& found, ports::Ledger::Numbers used, WallTime now) {
  std::vector<ports::Change> changes{ports::PutNote{kUnfinished, "yes"}};
  if (found.salvage) {
    const auto known = found.salvage->numbers();
    used.job = std::max(used.job, known.job);
    used.batch = std::max(used.batch, known.batch);
    changes.emplace_back(ports::PutDoubts{found.salvage->doubts()});
    changes.emplace_back(ports::PutNote{"paused", found.salvage->note("paused")});
    const auto today = day_number(api_day(now));
    changes.emplace_back(ports::CountFirstSends{today, found.salvage->first_sends(today)});
  }
  std::ranges::move(go_on_above(used, now), std::back_inserter(changes));
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
    const auto known = found_.headers.find(remain.job);
    const bool staged =
        (known != found_.headers.end() && known->second.state == JobState::staged) || std::filesystem::exists(results);
    auto file = co_await spool_.read(remain.job);
    if (!file) co_return std::unexpected(file.error());
    // Not open until all its rows are known: cut off here, nothing of it is sent, and the next `recover` begins again.
    header.state = JobState::dropped;
    header.hold = ports::Hold::none;
    if (auto done = co_await ledger_.commit({ports::PutJob{header}, ports::PutHold{header}}); !done) co_return done;
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

/// Whether the ledger is sound and has nothing to recover. A damaged one is set aside.
Result<bool> is_whole(const std::string& path, WallTime now) {
  if (!std::filesystem::exists(path)) return false;
  auto ledger = adapters::SqliteLedger::open(path);
  if (!ledger) {
    if (ledger.error().kind != ErrorKind::corrupt) return std::unexpected(ledger.error());
    fmt::print("{}\n", ledger.error().words);
    set_aside(path, now);
    return false;
  }
  boost::asio::io_context io{1};
  const auto used = finish(io, (*ledger)->numbers());
  if (!used) return std::unexpected(used.error());
  const auto unfinished = finish(io, (*ledger)->note(kUnfinished));
  if (!unfinished) return std::unexpected(unfinished.error());
  return used->job > 0 && unfinished->empty();
}

/// The ledger that was set aside last, by this `recover` or by one that was cut off: what an old one says is old, but
/// true. Empty: none.
std::string set_aside_last(const std::string& path) {
  const auto beginning = std::filesystem::path(path).filename().string() + ".damaged-";
  std::string last;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path).parent_path(), error)) {
    const auto name = entry.path().filename().string();
    if (!name.starts_with(beginning) || name.find_first_not_of("0123456789", beginning.size()) != name.npos) continue;
    last = std::max(last, entry.path().string());
  }
  return last;
}

Result<Found> find_remains(const config::Settings& settings, WallTime now) {
  auto lock = adapters::SpoolLock::take(settings.spool);
  if (!lock) return std::unexpected(lock.error());
  const auto path = ledger_path(settings);
  const auto whole = is_whole(path, now);
  if (!whole) return std::unexpected(whole.error());
  Found found;
  const auto damaged = *whole ? "" : set_aside_last(path);
  if (damaged.empty()) return found;
  auto salvage = LedgerSalvage::open(damaged);
  if (salvage) {
    for (auto& job : (*salvage)->jobs()) found.headers.emplace(job.id, job);
    found.salvage = std::move(*salvage);
  } else if (salvage.error().kind != ErrorKind::corrupt) {
    return std::unexpected(salvage.error());
  }
  return found;
}

/// Also when an earlier `recover` was cut off after it had made the ledger.
Result<void> begin_ledger(Machine& machine, const Found& found, WallTime now) {
  auto used = finish(machine.io, machine.ledger->numbers());
  if (!used) return std::unexpected(used.error());
  if (used->job > 0) return {};
  used->job = used_job_numbers(machine.settings.spool);
  if (used->job == 0 && !found.salvage) return {};
  return finish(machine.io, machine.ledger->commit(first_changes(found, *used, now)));
}

}  // namespace

int recover(const CommandLine&, const config::Settings& settings) {
  set_up_logging(settings);
  const auto now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  auto found = find_remains(settings, now);
  if (!found) return leave(found.error());
  auto machine = build_machine(settings, LostLedger::is_expected);
  if (!machine) return leave(machine.error());
  auto& m = **machine;
  if (auto begun = begin_ledger(m, *found, now); !begun) return leave(begun.error());
  Recovery recovery(*m.spool, *m.ledger, *found, settings, *m.clock);
  auto rebuilt = finish(m.io, recovery.run());
  if (rebuilt) rebuilt = finish(m.io, m.ledger->commit({ports::PutNote{kUnfinished, ""}}));
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
