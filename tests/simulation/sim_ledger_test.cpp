#include "sim_ledger.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "ledger_contract.hpp"
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
INSTANTIATE_TYPED_TEST_SUITE_P(Simulated, LedgerJobsContract, SimLedgerMaker);

std::vector<ports::Change> note(std::string key) {
  return {ports::PutNote{std::move(key), "x"}};
}

TEST(SimLedger, IsDurableOnlyWhenTheWriteIsDone) {
  Workbench bench;
  LedgerStore store;
  SimLedger ledger(bench.life, store, bench.weather);
  std::optional<Result<void>> done;
  bench.start(ledger.commit(note("a")), done);
  bench.context.poll();
  EXPECT_EQ(store.note("a"), "");
  bench.run_all();
  EXPECT_TRUE(done && *done);
  EXPECT_EQ(store.note("a"), "x");
}

TEST(SimLedger, AFailedCommitLeavesNothing) {
  Workbench bench;
  bench.weather.ledger_error = 1000;
  LedgerStore store;
  SimLedger ledger(bench.life, store, bench.weather);
  const auto done = bench.run(ledger.commit(note("a")));
  ASSERT_TRUE(done);
  EXPECT_FALSE(*done);
  EXPECT_EQ(store.note("a"), "");
}

TEST(SimLedger, ACrashKeepsACommitUnderWayWholeOrNotAtAllAndInOrder) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Workbench bench;
    LedgerStore store;
    SimLedger ledger(bench.life, store, bench.weather);
    std::optional<Result<void>> first, second;
    auto changes = note("a1");
    changes.emplace_back(ports::PutNote{"a2", "x"});
    bench.start(ledger.commit(std::move(changes)), first);
    bench.start(ledger.commit(note("b")), second);
    bench.context.poll();
    bench.timeline.run_next(Nanos(10'000));
    bench.timeline.run_next(Nanos(10'000));
    bench.context.poll();
    Random random(seed);
    ledger.crash(random);
    EXPECT_EQ(store.note("a1"), store.note("a2"));
    if (store.note("b") == "x") {
      EXPECT_EQ(store.note("a1"), "x");
    }
    seen.insert(store.note("a1") + "/" + store.note("b"));
    bench.kill();
  }
  EXPECT_EQ(seen, (std::set<std::string>{"/", "x/", "x/x"}));
}

}  // namespace
}  // namespace sluice
