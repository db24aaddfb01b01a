// `recover`: after a lost or damaged ledger, publishes what can be known from the claimed files and the remains.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "finish_task.hpp"
#include "in_doubt_files.hpp"
#include "language.hpp"
#include "logging.hpp"
#include "machine.hpp"
#include "new_ledger.hpp"
#include "remains.hpp"
#include "sluice/adapters/ledger/salvage.hpp"
#include "sluice/adapters/spool/remains.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/recovery.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

using ports::JobHeader;
using ports::JobState;
using ports::Task;

constexpr std::size_t kPage = 1000;

/// Rebuilds a job's rows from its claimed file: what was salvaged of an answer stands, what the file itself shows to be
/// invalid was never sent, and every other row is in doubt.
class RecoverSink : public pipeline::SurveySink {
 public:
  /// `salvage`: null when the ledger is gone altogether. Both outlive it.
  RecoverSink(JobId job, adapters::ledger::Salvage* salvage, ports::Ledger& ledger, WallTime now);

  ports::Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
             const pipeline::OrderHashes& hashes) override;
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;

 private:
  const records::RowResult* salvaged(std::uint64_t row);
  records::RowResult lost(std::uint64_t row) const;
  void put(records::RowResult result);

  JobId job_;
  adapters::ledger::Salvage* salvage_;
  ports::Ledger& ledger_;
  WallTime now_;
  text::Lang lang_ = text::Lang::en;
  std::vector<records::RowResult> page_;
  std::size_t at_ = 0;
  std::uint64_t paged_to_ = 0;
  bool more_ = true;
  std::vector<records::RowResult> rows_;
  ports::Counts counts_{};
  std::vector<ports::Doubt> doubts_;
};

RecoverSink::RecoverSink(JobId job, adapters::ledger::Salvage* salvage, ports::Ledger& ledger, WallTime now)
    : job_(job), salvage_(salvage), ledger_(ledger), now_(now) {}

ports::Task<Result<void>> RecoverSink::begin(const records::Format&, const pipeline::OrderReading& reading) {
  lang_ = reading.lang();
  page_.clear();
  rows_.clear();
  doubts_.clear();
  counts_ = {};
  at_ = paged_to_ = 0;
  more_ = salvage_ != nullptr;
  co_return co_await ledger_.commit({ports::ForgetSurvey{job_}, ports::DropDoubts{job_}});
}

/// Rows come in file order, so the salvage is paged along.
const records::RowResult* RecoverSink::salvaged(std::uint64_t row) {
  while (true) {
    while (at_ < page_.size() && page_[at_].row < row) ++at_;
    if (at_ < page_.size()) return page_[at_].row == row ? &page_[at_] : nullptr;
    if (!more_) return nullptr;
    page_ = salvage_->rows(job_, std::max(paged_to_, row - 1), kPage);
    more_ = page_.size() == kPage;
    if (!page_.empty()) paged_to_ = page_.back().row;
    at_ = 0;
  }
}

void RecoverSink::put(records::RowResult result) {
  ++counts_[result.outcome];
  rows_.push_back(std::move(result));
}

records::RowResult RecoverSink::lost(std::uint64_t row) const {
  records::RowResult result;
  result.row = row;
  result.outcome = records::Outcome::in_doubt;
  result.message = text::say(lang_, {text::Word::outcome_unknown, {words::ledger_was_lost(), to_string(job_)}});
  result.at = now_;
  return result;
}

void RecoverSink::valid(const records::RowRef& row, std::uint64_t, const orders::Judged& judged,
                        const pipeline::OrderHashes&) {
  const auto* known = salvaged(row.row);
  auto result = known != nullptr ? *known : lost(row.row);
  if (result.outcome == records::Outcome::in_doubt) {
    doubts_.push_back({.order_hash = judged.order.hash(),
                       .order = orders::body(std::span(&judged.order, 1)),
                       .job = job_,
                       .row = row.row,
                       .since = result.at.value_or(now_)});
  }
  put(std::move(result));
}

void RecoverSink::settled(std::uint64_t, const records::RowResult& result) {
  const auto* known = salvaged(result.row);
  put(known != nullptr ? *known : result);
}

ports::Task<Result<void>> RecoverSink::breathe() {
  if (rows_.empty()) co_return Result<void>{};
  co_return co_await ledger_.commit({ports::PutRows{job_, std::exchange(rows_, {})},
                                     ports::AddCounts{job_, std::exchange(counts_, {}), 0},
                                     ports::PutDoubts{std::exchange(doubts_, {})}});
}

int leave(text::Lang language, const Error& error) {
  tell(stderr, language, error.words);
  return exit_code_of_work(error);
}

class Recovery {
 public:
  Recovery(adapters::spool::PosixSpool& spool, ports::Ledger& ledger, const Found& found,
           const config::Settings& settings, ports::Clock& clock, text::Lang language)
      : spool_(spool), ledger_(ledger), found_(found), settings_(settings), clock_(clock), language_(language) {}

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
  /// Jobs that the ledger had lost.
  std::size_t rebuilt() const { return rebuilt_; }

 private:
  JobHeader header_of(const adapters::spool::Remains& remain, const std::optional<JobHeader>& half_rebuilt) const {
    if (half_rebuilt) return *half_rebuilt;
    if (const auto known = found_.headers.find(remain.job); known != found_.headers.end()) return known->second;
    JobHeader header;
    header.id = remain.job;
    header.name = remain.dropped_name.value_or("recovered");
    return header;
  }

  Task<Result<void>> rebuild(adapters::spool::Remains remain, std::optional<JobHeader> half_rebuilt) {
    auto header = header_of(remain, half_rebuilt);
    header.started_at = header.started_at.value_or(begin_of_day(remain.job));
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
      ++rebuilt_;
      header.state = JobState::rejecting;
      header.reason = rejected->reason;
      co_return co_await ledger_.commit({ports::ForgetSurvey{header.id}, ports::PutJob{header}});
    }
    const auto& surveyed = std::get<pipeline::Surveyed>(*verdict);
    pipeline::take_survey(surveyed, header);
    // Outputs that were complete before are published as they are.
    header.state = staged ? JobState::staged : JobState::sending;
    ++rebuilt_;
    tell(stdout, language_, words::rows_rebuilt(header.id, header.rows, text::shown(header.name, 255)));
    co_return co_await ledger_.commit({ports::PutJob{header}});
  }

  adapters::spool::PosixSpool& spool_;
  ports::Ledger& ledger_;
  const Found& found_;
  const config::Settings& settings_;
  ports::Clock& clock_;
  text::Lang language_;  ///< of who runs it
  std::size_t rebuilt_ = 0;
};

}  // namespace

int recover(const CommandLine& command, const config::Settings& settings) {
  const auto language = command.language;
  set_up_logging(settings);
  if (auto became = become_owner(settings.spool); !became) return leave(language, became.error());
  const auto now = std::chrono::floor<Millis>(std::chrono::system_clock::now());
  auto found = find_remains(settings, language, now);
  if (!found) return leave(language, found.error());
  auto machine = build_machine(settings, LostLedger::is_expected);
  if (!machine) return leave(language, machine.error());
  auto& m = **machine;
  if (auto done = begin_new_ledger(m, *found, language, now); !done) return leave(language, done.error());
  Recovery recovery(*m.spool, *m.ledger, *found, settings, *m.clock, language);
  auto rebuilt = finish(m.io, recovery.run());
  if (rebuilt) rebuilt = finish(m.io, m.ledger->commit({ports::PutNote{ports::Note::recovering, ""}}));
  if (!rebuilt) return leave(language, rebuilt.error());
  if (found->sound && recovery.rebuilt() == 0) {
    tell(stdout, language, words::nothing_to_recover());
    return 0;
  }
  if (found->salvage) {
    for (const auto& line : found->salvage->damage()) tell(stdout, language, words::not_readable(line));
  }
  const auto published = finish(m.io, m.engine->publish_settled());
  if (!published) return leave(language, published.error());
  tell(stdout, language, words::recovered());
  return *published;
}

}  // namespace sluice::app
