#pragma once

#include <deque>
#include <memory>
#include <vector>

#include "host_seat.hpp"
#include "ledger_store.hpp"
#include "life.hpp"
#include "mistake.hpp"
#include "sluice/ports/ledger.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// The ledger of one process over the durable store. Commits that wait together share one write, as in the real one;
/// a commit is durable from the moment the write ends, a little before its caller hears of it.
class SimLedger final : public ports::Ledger {
 public:
  /// `seat`: of its host, where several share the store; null: it has it alone.
  SimLedger(Life& life, LedgerStore& store, const Weather& weather, Mistake mistake = Mistake::none,
            HostSeat* seat = nullptr)
      : life_(life), store_(store), weather_(weather), mistake_(mistake), seat_(seat) {}

  ports::Task<Result<void>> commit(ports::Changes changes) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> open_jobs() override;
  ports::Task<Result<std::optional<ports::JobHeader>>> job(JobId id) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_with_content(std::string content_hash,
                                                                       WallTime since) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_before(std::optional<JobId> before,
                                                                 std::size_t limit) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> ended_jobs(std::size_t limit) override;
  ports::Task<Result<std::vector<ports::JobHeader>>> jobs_ended(ports::JobState state, WallTime since,
                                                                WallTime before) override;
  ports::Task<Result<std::vector<ports::Batch>>> batches(JobId job, ports::BatchSet which, BatchId after,
                                                         std::size_t limit) override;
  ports::Task<Result<std::vector<records::RowResult>>> rows(JobId job, std::uint64_t after, std::size_t limit) override;
  ports::Task<Result<std::vector<ports::Doubt>>> doubts(WallTime now) override;
  ports::Task<Result<std::uint64_t>> first_sends(std::uint32_t day) override;
  ports::Task<Result<ports::HistoryPage>> history(ports::HistoryQuery query, std::uint64_t after) override;
  ports::Task<Result<ports::PlacedPage>> placed(WallTime since, std::uint64_t after) override;
  ports::Task<Result<std::string>> note(ports::NoteKey key) override;
  ports::Task<Result<Numbers>> numbers() override;
  ports::Task<Result<std::uint64_t>> reserve_jobs(std::uint64_t count) override;

  /// The process is dead: of the commits under way, those up to a random one happened after all.
  void crash(Random& random);
  /// Nobody waits for a commit.
  bool idle() const;

 private:
  struct Commit {
    Commit(Life& life, ports::Changes what) : changes(std::move(what)), done(life) {}
    ports::Changes changes;
    Result<void> result;
    Bell done;
    bool promised = false;  ///< a mistake, planted: called durable already
  };
  bool promises_early(const std::vector<ports::Change>& changes) const;
  bool has_room(const std::vector<ports::Change>& changes) const;
  bool cut_off() const { return seat_ != nullptr && seat_->cut_off(); }
  Result<void> apply(const ports::Changes& changes);
  void write_group();
  void group_written();
  void end_group();
  /// A transaction whose answer is lost: nobody knows whether it was stored, until the ledger can be asked.
  struct Lost {
    Nanos since{};
    bool arrived = false;  ///< its commits have their results
    bool barred = false;   ///< it comes too late, if ever
  };
  void lose_answer();
  void group_arrives();
  void ask_outcome(const std::shared_ptr<Lost>& lost);
  ports::Task<Result<void>> enter_read(std::string_view what);

  Life& life_;
  LedgerStore& store_;
  const Weather& weather_;
  const Mistake mistake_;
  HostSeat* seat_;
  std::shared_ptr<Lost> lost_;
  bool gave_up_ = false;  ///< it could not learn what became of a commit
  std::deque<std::shared_ptr<Commit>> under_way_;
  std::size_t in_group_ = 0;  ///< how many of the front ones are being written
};

}  // namespace sluice::simulation
