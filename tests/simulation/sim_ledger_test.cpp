#include "sim_ledger.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "ledger_contract.hpp"
#include "ledger_history_contract.hpp"
#include "ledger_jobs_contract.hpp"
#include "workbench.hpp"

namespace sluice {
namespace {

using simulation::LedgerStore;
using simulation::Random;
using simulation::SimLedger;
using simulation::Workbench;

/// The simulated ledger in the shape the contract's tests ask for.
class SimLedgerMaker {
 public:
  SimLedgerMaker() { restart(); }
  ports::Ledger& ledger() { return *ledger_; }
  template <class T>
  T wait(ports::Task<T> task) {
    auto result = bench_->run(std::move(task));
    EXPECT_TRUE(result.has_value()) << "it never ended";
    return result ? std::move(*result) : T{};
  }
  void restart() {
    ledger_.reset();
    bench_ = std::make_unique<Workbench>();
    ledger_ = std::make_unique<SimLedger>(bench_->life, store_, bench_->weather);
  }

 private:
  LedgerStore store_;
  std::unique_ptr<Workbench> bench_;
  std::unique_ptr<SimLedger> ledger_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, LedgerContract, SimLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, LedgerHistoryContract, SimLedgerMaker);
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, LedgerJobsContract, SimLedgerMaker);

/// Three keys that differ.
const ports::NoteKey kA = ports::Note::paused;
const ports::NoteKey kA2 = ports::Note::tried;
const ports::NoteKey kB = ports::Note::recovering;

std::vector<ports::Change> note(const ports::NoteKey& key) {
  return {ports::PutNote{key, "x"}};
}

TEST(SimLedger, IsDurableOnlyWhenTheWriteIsDone) {
  Workbench bench;
  LedgerStore store;
  SimLedger ledger(bench.life, store, bench.weather);
  std::optional<Result<void>> done;
  bench.start(ledger.commit(note(kA)), done);
  bench.context.poll();
  EXPECT_EQ(store.note(kA), "");
  bench.run_all();
  EXPECT_TRUE(done && *done);
  EXPECT_EQ(store.note(kA), "x");
}

TEST(SimLedger, AFailedCommitLeavesNothing) {
  Workbench bench;
  bench.weather.ledger_error = 1000;
  LedgerStore store;
  SimLedger ledger(bench.life, store, bench.weather);
  const auto done = bench.run(ledger.commit(note(kA)));
  ASSERT_TRUE(done);
  EXPECT_FALSE(*done);
  EXPECT_EQ(store.note(kA), "");
}

TEST(SimLedger, ACrashKeepsACommitUnderWayWholeOrNotAtAllAndInOrder) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Workbench bench;
    LedgerStore store;
    SimLedger ledger(bench.life, store, bench.weather);
    std::optional<Result<void>> first, second;
    auto changes = note(kA);
    changes.emplace_back(ports::PutNote{kA2, "x"});
    bench.start(ledger.commit(std::move(changes)), first);
    bench.start(ledger.commit(note(kB)), second);
    bench.context.poll();
    bench.timeline.run_next(Nanos(10'000));
    bench.timeline.run_next(Nanos(10'000));
    bench.context.poll();
    Random random(seed);
    ledger.crash(random);
    EXPECT_EQ(store.note(kA), store.note(kA2));
    if (store.note(kB) == "x") {
      EXPECT_EQ(store.note(kA), "x");
    }
    seen.insert(store.note(kA) + "/" + store.note(kB));
    bench.kill();
  }
  EXPECT_EQ(seen, (std::set<std::string>{"/", "x/", "x/x"}));
}

}  // namespace
}  // namespace sluice
