#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "job.hpp"
#include "sluice/base/error.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// How far a stop has come.
struct Stop {
  enum class Step : std::uint8_t {
    none,
    asked,  ///< nothing new starts
    cut,    ///< the grace is over: what can't end now is left for the next start
  };
  Step step = Step::none;
  Boottime patience = Boottime::max();  ///< how long to wait for a ledger that can't be written

  bool asked() const { return step != Step::none; }
  bool cut() const { return step == Step::cut; }
};

/// The way into the ledger. While it can't be written, nothing new starts; what must be written is kept and retried.
class Journal {
 public:
  Journal(ports::Clock& clock, ports::Ledger& ledger, const Stop& stop);

  /// Returns when something else is about to be committed, so that what is committed at once after it shares its write
  /// to disk; or while there is still time, as commits go lately, to have it committed when it is needed.
  ports::Task<void> until_others_commit(Boottime needed);
  /// One try. An error means that nothing of it was applied.
  ports::Task<Result<void>> commit(ports::Changes changes);
  /// Tries until it is durable. False: we are cut, or the ledger is corrupt; then nothing of it was applied.
  ports::Task<bool> commit_surely(ports::Changes changes);
  /// The same, with the changes made again for each try, for what others may change meanwhile.
  ports::Task<bool> commit_surely(std::function<ports::Changes()> changes);
  /// What was decided of a job, as it is at each try. The job outlives it.
  ports::Task<bool> commit_hold(const Job& job);

  /// Why nothing new may start; empty: all is well.
  const std::string& trouble() const { return trouble_; }
  /// The ledger failed its check, or the spool is not where it was: stop.
  const std::optional<Error>& fatal() const { return fatal_; }
  /// Another host has taken over: what is in flight is that host's affair, and is cut.
  bool fenced() const { return fatal_ && fatal_->kind == ErrorKind::fenced; }
  /// Called when that comes to be.
  void when_fatal(std::function<void()> tell) { tell_fatal_ = std::move(tell); }
  /// Called after each commit, whatever came of it: people are shown another picture.
  void when_committed(std::function<void()> tell) { tell_committed_ = std::move(tell); }
  ports::Ledger& ledger() { return ledger_; }
  const LedgerMeters& meters() const { return meters_; }
  /// Notes an error of a read.
  void note(const Error& error);

 private:
  ports::Clock& clock_;
  ports::Ledger& ledger_;
  const Stop& stop_;
  std::vector<ports::Clock::Timer*> joining_;  ///< of those in until_others_commit()
  Nanos slowest_lately_{};
  LedgerMeters meters_;
  std::string trouble_;
  std::optional<Error> fatal_;
  std::function<void()> tell_fatal_ = [] {};
  std::function<void()> tell_committed_ = [] {};
};

}  // namespace sluice::pipeline
