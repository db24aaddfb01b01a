#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/history.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/cell.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/words.hpp"

namespace sluice::ports {

/// Stored in the ledger: never renumber.
enum class JobState : std::uint8_t {
  claiming = 1,   ///< announced; the rename into state/ may or may not have happened
  surveying = 2,  ///< claimed; rows and batches in the ledger are provisional
  sending = 3,    ///< surveyed and planned
  staged = 4,     ///< all temporaries are durable; only renames are left
  done = 5,
  rejecting = 6,  ///< judged broken as a whole; reason in JobHeader::reason
  rejected = 7,
  dropped = 8,  ///< the claim came to nothing; the number stays used
};

using records::Counts;

/// Why a job is held, if it is. Stored: never renumber.
enum class Hold : std::uint8_t {
  none = 0,
  by_operator = 1,
  file_changed = 2,     ///< the claimed file is not, or can't be read as, what was surveyed
  address_changed = 3,  ///< base_url differs from the one it began with
  refused_alike = 4,    ///< guard.stop_when_refused
  file_cap = 5,         ///< guard.max_orders_per_file
  body_changed = 6,     ///< a resend would differ from what was sent
  unpublishable = 7,    ///< an output's name is taken
  secret_lost = 8,      ///< state/secret is not the one its batches were planned with
  placed_before = 9,    ///< guard.placed_before
};

/// What an operator decided of a job for good. Stored: never renumber.
enum class Ruling : std::uint8_t {
  none = 0,
  released = 1,   ///< no cap holds it any more
  cancelled = 2,  ///< nothing more of it is sent; a release no longer changes that
};

/// A job, but for its rows and batches.
struct JobHeader {
  JobId id;
  std::string name;  ///< of the dropped file, raw bytes
  JobState state = JobState::claiming;
  FileIdentity source;                       ///< in the inbox, before the claim
  FileIdentity file;                         ///< in state/, as surveyed
  std::optional<orders::ServiceId> service;  ///< none: not surveyed
  std::string format;                        ///< records::to_ledger
  std::string names;                         ///< orders::NamesTaken::to_ledger; empty: map the names again
  bool ascii = false;
  text::Lang lang = text::Lang::en;  ///< of its messages
  std::string base_url;              ///< the one it began with
  std::string content_hash;          ///< hex, of the file's bytes
  std::uint64_t rows = 0;
  Counts counts{};  ///< kept with each settlement; adds up to rows at the end
  std::uint64_t requests = 0;
  std::uint64_t other_starts = 0;   ///< of the accepted: become active on another day than expected; as `counts`
  std::uint64_t placed_before = 0;  ///< of its orders, those that earlier jobs had accepted (guard.placed_before)
  std::optional<JobId> placed_by;   ///< the last of these jobs
  std::string placed_by_name;       ///< of its file
  Hold hold = Hold::none;
  std::string hold_words;
  Ruling ruling = Ruling::none;
  std::string secret;  ///< RowMarks::name() of what its batches were planned with; empty: they bear no marks that count
  std::string reason;  ///< of a rejection
  int exit = 0;
  std::optional<WallTime> claimed_at, started_at, finished_at;
};

/// Takes over what PutHold replaces.
inline void copy_hold(const JobHeader& from, JobHeader& to) {
  to.hold = from.hold;
  to.hold_words = from.hold_words;
  to.ruling = from.ruling;
  to.base_url = from.base_url;
  to.secret = from.secret;
}

/// What came of the attempts that a batch's rows have been through. A batch never mixes rows of unlike past.
struct Past {
  std::uint32_t sends = 0;            ///< requests that carried these rows
  std::uint32_t internal_errors = 0;  ///< times each row was answered *internal error*
  /// Answers that left it open what became of this batch, and cost it an attempt: ambiguous ones, and the first that
  /// calls one order alone a bad request. A half counts from 0.
  std::uint32_t lost_answers = 0;
  bool maybe_applied = false;          ///< one of the requests may have applied them
  std::optional<WallTime> lost_since;  ///< the first of lost_answers: retry.outage counts from here, over restarts
  /// The last answer that said no to a whole request, in words; empty: none. It proves nothing (docs/api.md, A no is
  /// not a proof).
  std::string said_no;
  friend bool operator==(const Past&, const Past&) = default;
};

/// How far a batch has come.
enum class BatchState : std::uint8_t {
  planned,  ///< as the plan made it: never announced, no part or retry of another
  waiting,  ///< started, and waits to go again; or a part or retry of what was started
  sending,  ///< announced and not answered: found after a crash, it may have been applied
};

/// Rows that are, or are to be, sent together. The ledger's unit of *sending* and *answered*.
struct Batch {
  BatchId id{};
  JobId job;
  std::vector<records::RowRef> rows;  ///< ascending by row
  std::vector<std::uint64_t> keys;    ///< Order::key_hash() of each row, once they were read; else empty
  BatchState state = BatchState::planned;
  std::vector<std::uint64_t> marks;  ///< RowMarks::of() each row, as planned; empty: planned by an older version
  Past past;
  std::optional<WallTime> not_before;  ///< a delay under way
  std::uint64_t body_hash = 0;         ///< of the body sent before; 0: none, or the rows differ from it
  std::string last_request;
};

/// Adds a row of a batch to another one, with what is known of it.
inline void copy_row(const Batch& from, std::size_t i, Batch& to) {
  to.rows.push_back(from.rows[i]);
  if (!from.keys.empty()) to.keys.push_back(from.keys[i]);
  if (!from.marks.empty()) to.marks.push_back(from.marks[i]);
}

/// A batch like this one, but for its rows.
inline Batch without_rows(Batch batch) {
  batch.rows.clear();
  batch.keys.clear();
  batch.marks.clear();
  return batch;
}

/// Which of a job's batches are asked for: those as planned, or all others.
enum class BatchSet : std::uint8_t { planned, started };
inline BatchSet set_of(const Batch& batch) {
  return batch.state == BatchState::planned ? BatchSet::planned : BatchSet::started;
}

inline constexpr std::chrono::days kDoubtsKept{30};

/// What a person who looked an order in doubt up says of it. Stored: never renumber.
enum class LookedUp : std::uint8_t {
  not_yet = 0,
  applied = 1,
  not_applied = 2,
};

/// An order whose outcome nobody knew when its job ended, remembered for kDoubtsKept: as long as nobody looked it up it
/// goes out in no other job; when it was applied, in none either; when it was not, it may come again.
struct Doubt {
  std::uint64_t order_hash = 0;
  std::string order;  ///< its body element, to compare in full
  JobId job;
  std::uint64_t row = 0;
  WallTime since{};
  LookedUp looked_up = LookedUp::not_yet;
};

/// Facts that the ledger keeps beside jobs and batches.
enum class Note : std::uint8_t {
  paused,      ///< by whom and when, in words; empty: by nobody
  tried,       ///< when the disk was last tried in vain
  recovering,  ///< `recover` has started a new ledger and not yet filled it; empty: it has
};
/// Of one job.
enum class JobNote : std::uint8_t {
  resolved,   ///< what became of its orders in doubt, by whom and when, in words
  decided,    ///< the last hold, release or cancel: by whom and when, in words
  looked_up,  ///< how far people have looked its orders in doubt up: pipeline/operator_command.hpp
};

/// What PutNote keeps: a fact of the spool, or of one job.
class NoteKey {
 public:
  NoteKey(Note note);  // NOLINT(google-explicit-constructor): a fact of the spool is named by its enum alone
  NoteKey(JobNote note, JobId job);
  /// As it stands on disk: never rename.
  const std::string& stored() const { return stored_; }

 private:
  std::string stored_;
};

// What can change, each a row of one atomic commit.
// A job's header has three writers whose commits go side by side, and one that has to be tried again must not take back
// what another wrote meanwhile. So each has fields of its own.
/// Adds the header; of one that is there, replaces what is not of the two below.
struct PutJob {
  JobHeader job;
};
/// What operators and guards decide, and where the job may go: hold, hold_words, ruling, base_url, secret.
struct PutHold {
  JobHeader job;
};
struct AddCounts {
  JobId job;
  Counts counts;
  std::uint64_t requests;
  std::uint64_t other_starts = 0;
};  ///< added to what the header has
struct ForgetSurvey {
  JobId job;
};  ///< drops the job's rows and batches, zeroes its counts
struct PutRows {
  JobId job;
  std::vector<records::RowResult> rows;
  std::vector<OrderIds> orders = {};  ///< of each row, to be remembered by (keep.orders); empty: nothing is
};  ///< settled rows (adds, or replaces by row)
struct PutBatches {
  std::vector<Batch> batches;
};  ///< adds, or replaces by id
struct DropBatch {
  BatchId batch;
  JobId job;
};  ///< settled: its rows are in PutRows or in other batches
struct CountFirstSends {
  std::uint32_t day;
  std::int64_t orders;     ///< below 0: given back, since nothing left after all
  std::uint64_t most = 0;  ///< refused (kind `stale`) where the count would pass it; 0: there is no cap
};  ///< adds to a UTC+8 day's count (YYYYMMDD)
struct PutDoubts {
  std::vector<Doubt> doubts;
};
struct DropDoubts {
  JobId job;
};
struct ResolveDoubts {
  JobId job;
  LookedUp looked_up = LookedUp::not_yet;
  std::vector<std::uint64_t> rows;
};  ///< of the job's doubts, those of these rows; what is not remembered stays so
struct ForgetRows {
  JobId job;
};  ///< row answers go at the end of a job
/// What another ledger remembered of a job's orders: `recover` takes it over. Without rows: of these orders nothing is
/// known but that they were accepted, then.
struct Remember {
  JobId job;
  WallTime at{};
  std::vector<records::RowResult> rows;
  std::vector<OrderIds> orders;
};
struct ForgetHistory {
  WallTime before{};
};  ///< little by little, when there is nothing else to do
struct PutNote {
  NoteKey key;
  std::string value;  ///< empty: drops it
};
using Change = std::variant<PutJob, PutHold, AddCounts, ForgetSurvey, PutRows, PutBatches, DropBatch, CountFirstSends,
                            PutDoubts, DropDoubts, ResolveDoubts, ForgetRows, Remember, ForgetHistory, PutNote>;

/// The changes of one commit, shared by who asks for it and who carries it out: none is copied, however often it is
/// tried.
class Changes {
 public:
  Changes(std::vector<Change> changes)  // NOLINT(google-explicit-constructor): they are what it is
      : shared_(std::make_shared<const std::vector<Change>>(std::move(changes))) {}
  Changes(std::initializer_list<Change> changes) : Changes(std::vector<Change>(changes)) {}
  operator const std::vector<Change>&() const { return *shared_; }  // NOLINT(google-explicit-constructor): the same
  auto begin() const { return shared_->begin(); }
  auto end() const { return shared_->end(); }

 private:
  std::shared_ptr<const std::vector<Change>> shared_;
};

/// What was promised, sent and answered. A commit is atomic, and durable when it returns; commits that wait together
/// share one disk write. Changes are applied in order. An error means nothing of it was applied (no_space, io: worth
/// trying again; corrupt: nothing may be sent any more).
///
/// A commit that would pass a day's cap (CountFirstSends::most) is refused as `stale`.
///
/// Where several hosts share it (ports/hosts.hpp), a batch that was announced and is not settled holds its keys, and an
/// announcement is refused, too: `elsewhere`, another host's job holds one of its keys (it waits); `stale`, another
/// host has changed doubts or the pause since this one last read doubts() and note(Note::paused). After `stale` both
/// are read again, and first_sends() with them; the day's count itself makes nothing stale, since each commit that adds
/// to it is compared with the cap. `fenced`, of any commit: another host has taken this one's jobs over.
class Ledger {
 public:
  virtual ~Ledger() = default;
  virtual Task<Result<void>> commit(Changes changes) = 0;

  /// Headers of all jobs not done, rejected or dropped, in order.
  virtual Task<Result<std::vector<JobHeader>>> open_jobs() = 0;
  virtual Task<Result<std::optional<JobHeader>>> job(JobId id) = 0;
  /// Headers of jobs with this content claimed since then, newest first, whatever became of them.
  virtual Task<Result<std::vector<JobHeader>>> jobs_with_content(std::string content_hash, WallTime since) = 0;
  /// Batches of a job with an id above `after`, in order.
  virtual Task<Result<std::vector<Batch>>> batches(JobId job, BatchSet which, BatchId after, std::size_t limit) = 0;
  /// Settled rows with a number above `after`, in order.
  virtual Task<Result<std::vector<records::RowResult>>> rows(JobId job, std::uint64_t after, std::size_t limit) = 0;
  /// Headers of the jobs before this one, or of all: whatever became of them, the highest number first.
  virtual Task<Result<std::vector<JobHeader>>> jobs_before(std::optional<JobId> before, std::size_t limit) = 0;
  /// Headers of the jobs done or rejected last, newest first.
  virtual Task<Result<std::vector<JobHeader>>> ended_jobs(std::size_t limit) = 0;
  /// Headers of the jobs that ended in this state (done or rejected) in [since, before), the oldest first.
  virtual Task<Result<std::vector<JobHeader>>> jobs_ended(JobState state, WallTime since, WallTime before) = 0;
  /// Every doubt younger than kDoubtsKept.
  virtual Task<Result<std::vector<Doubt>>> doubts(WallTime now) = 0;
  virtual Task<Result<std::uint64_t>> first_sends(std::uint32_t day) = 0;
  /// What is remembered of orders, a page at a time: it goes through all there is, some milliseconds a page.
  virtual Task<Result<HistoryPage>> history(HistoryQuery query, std::uint64_t after) = 0;
  /// The same of the marks of those that were accepted since then.
  virtual Task<Result<PlacedPage>> placed(WallTime since, std::uint64_t after) = 0;
  virtual Task<Result<std::string>> note(NoteKey key) = 0;  ///< empty: none
  /// The highest job number and batch id ever used.
  struct Numbers {
    std::uint64_t job = 0;
    std::uint64_t batch = 0;
  };
  virtual Task<Result<Numbers>> numbers() = 0;
  /// The first of so many job numbers in a row that no job ever had, and nobody else is given. Those that are not used
  /// in a commit may be given again, but only after a restart.
  virtual Task<Result<std::uint64_t>> reserve_jobs(std::uint64_t count) = 0;
};

}  // namespace sluice::ports
