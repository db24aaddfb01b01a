#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "job.hpp"
#include "journal.hpp"
#include "look_backs.hpp"
#include "row_marks.hpp"
#include "sender.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

class Doubts;
class DuplicateIndex;
class LedgerSink;

/// What a step of a job's work leaves to do.
enum class Then : std::uint8_t {
  go_on,       ///< it is done, and the next one follows
  look_again,  ///< it is not: the job is held, was rejected, has to wait, or we stop
};

/// Takes one job through its life after the claim: survey and plan, then sending (the sender's work), then finish.
class Worker {
 public:
  struct Parts {
    ports::Clock& clock;
    ports::Spool& spool;
    Journal& journal;
    const Jobs& jobs;
    Sender& sender;
    ports::Hosts& hosts;
    const Doubts& doubts;
    const RowMarks& marks;
    const config::Settings& settings;
    const Stop& stop;
    std::function<BatchId()> next_batch;
    /// A job ended, with what drain would exit with; it is gone from the jobs when this returns.
    std::function<void(JobId, int exit)> ended;
  };
  explicit Worker(Parts parts) : parts_(std::move(parts)), look_backs_(parts_.clock, parts_.journal.ledger()) {}

  /// Until the job is done or rejected, or a stop. A held job stays here and waits.
  ports::Task<void> work(Job& job);
  /// A job keeps the address it began with: if that is another now, it is held, at once. The caller notes it in the
  /// ledger. True: it is held by this.
  bool hold_if_address_changed(Job& job);
  /// A file that was touched from outside (its mode, a link, a copy put back) is not the one that was surveyed. Once an
  /// operator has spoken for the job, it is if its content is.
  ports::Task<Then> check_file(Job& job);

 private:
  // From the claim to the plan: worker_survey.cpp
  ports::Task<void> survey_and_plan(Job& job);
  ports::Task<Result<void>> read_and_plan(Job& job);
  ports::Task<Result<void>> wait_for_room(Job& job, std::uint64_t output_bytes);
  ports::Task<Result<void>> look_back(Job& job, const DuplicateIndex& orders);
  void hold_if_guarded(Job& job, std::uint64_t orders) const;
  ports::Task<void> plan(Job& job, LedgerSink& sink, std::vector<ports::Change> rest,
                         std::vector<text::Message> warnings);
  ports::Task<Result<std::optional<std::string>>> why_rejected(Job& job);
  ports::Task<Result<std::optional<std::string>>> same_content(Job& job);
  ports::Task<Result<std::vector<ports::JobHeader>>> with_content_of(const Job& job, WallTime since);
  const Job* earlier_unpublished(const Job& job) const;
  const Job* passed_over_by(const Job& job) const;
  /// For as long as there is such a job. Kind `cancelled`: a stop, or this one is called off.
  ports::Task<Result<void>> wait_while_read(Job& job, const Job* (Worker::*which)(const Job&) const);
  /// The same of what other hosts still read, a minute at most.
  ports::Task<Result<void>> wait_for_other_hosts(Job& job);
  ports::Task<Then> take_up(Job& job);
  ports::Task<Then> not_now(Job& job, Error error);
  ports::Task<Then> hold_as_lost(Job& job, std::string words, ports::Hold why = ports::Hold::file_changed);
  ports::Task<Then> open_file(Job& job);
  ports::Task<Then> compare_content(Job& job);
  bool is_back_at_its_address(Job& job);
  ports::Task<bool> commit_plan(const Job& job, std::vector<ports::Change> plan);
  ports::Task<void> reject(Job& job, std::string reason);
  ports::Task<Then> send(Job& job);
  ports::Task<Then> finish(Job& job);
  ports::Task<Then> stage_durably(Job& job);
  /// Waits a moment after an error that may go away; says why in the status.
  ports::Task<Then> try_again(Job& job, const Error& error);

  Parts parts_;
  LookBacks look_backs_;
};

}  // namespace sluice::pipeline
