#pragma once

#include <deque>
#include <memory>
#include <vector>

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
  SimLedger(Life& life, LedgerStore& store, const Weather& weather, Mistake mistake = Mistake::none)
      : life_(life), store_(store), weather_(weather), mistake_(mistake) {}

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
  void write_group();
  void group_written();
  ports::Task<Result<void>> enter_read(std::string_view what);

  Life& life_;
  LedgerStore& store_;
  const Weather& weather_;
  const Mistake mistake_;
  std::deque<std::shared_ptr<Commit>> under_way_;
  std::size_t in_group_ = 0;  ///< how many of the front ones are being written
};

}  // namespace sluice::simulation
