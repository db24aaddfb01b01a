#include "pipeline/journal.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;

class JournalTest : public testing::Test {
 protected:
  JournalTest() {
    job.header.id = kJob;
    ledger.store.apply({ports::PutJob{job.header}});
  }
  ports::Task<void> hold() { written_ = co_await journal.commit_hold(job); }

  FakeClock clock;
  MemoryLedger ledger;
  Stop stop;
  Journal journal{clock, ledger, stop};
  Job job;
  ports::Task<void> wait_for_others(Boottime needed) {
    co_await journal.until_others_commit(needed);
    waited_until_ = clock.now();
  }
  std::optional<bool> written_;
  std::optional<Boottime> waited_until_;
};

TEST_F(JournalTest, WhatIsWrittenAtLastIsWhatHoldsByThen) {
  job.header.hold = ports::Hold::file_cap;
  ledger.failing = Error{ErrorKind::no_space, "no space"};
  clock.spawn(hold());
  clock.pass(5s);
  EXPECT_EQ(journal.trouble(), "no space");
  job.header.hold = ports::Hold::none;
  job.header.ruling = ports::Ruling::cancelled;
  ledger.failing.reset();
  clock.pass(5s);
  EXPECT_EQ(written_, true);
  EXPECT_EQ(ledger.header(kJob).ruling, ports::Ruling::cancelled) << "a cancel that came meanwhile is not taken back";
  EXPECT_EQ(ledger.header(kJob).hold, ports::Hold::none);
  EXPECT_EQ(journal.trouble(), "");
}

TEST_F(JournalTest, WhatACommandDecidesIsNotUndoneByAHoldOfThePipelinesOwn) {
  job.deciding = job.header;
  job.deciding->ruling = ports::Ruling::cancelled;
  job.put_on_hold(ports::Hold::file_changed, "why");
  clock.spawn(hold());
  clock.pass(5s);
  EXPECT_EQ(ledger.header(kJob).ruling, ports::Ruling::cancelled);
  EXPECT_EQ(ledger.header(kJob).hold, ports::Hold::file_changed);
  EXPECT_EQ(job.header.ruling, ports::Ruling::none) << "it is not acted on before it is durable";
}

TEST_F(JournalTest, WhatCannotBeWrittenIsGivenUpWhenCut) {
  ledger.failing = Error{ErrorKind::io, "io"};
  clock.spawn(hold());
  clock.pass(5s);
  EXPECT_EQ(written_, std::nullopt);
  stop.step = Stop::Step::cut;
  clock.pass(5s);
  EXPECT_EQ(written_, false);
}

TEST_F(JournalTest, WhoeverWaitsForTheCommitOfOthersGoesOnWithTheNextOne) {
  clock.spawn(wait_for_others(clock.now() + 1min));
  clock.pass(1s);
  EXPECT_EQ(waited_until_, std::nullopt);
  clock.spawn(hold());
  clock.settle();
  EXPECT_EQ(waited_until_, clock.now());
}

TEST_F(JournalTest, WhoeverWaitsForTheCommitOfOthersHasTimeLeftForItsOwn) {
  const auto needed = clock.now() + 100ms;
  clock.spawn(wait_for_others(needed));
  clock.pass(1s);
  EXPECT_EQ(waited_until_, needed - 40ms);
}

TEST_F(JournalTest, WhoeverWaitsForTheCommitOfOthersLeavesTheTimeThatCommitsTakeLately) {
  const auto timer = clock.timer();
  ledger.while_committing = [&] { return timer->wait(clock.now() + 300ms); };
  clock.spawn(hold());
  clock.pass(1s);
  const auto needed = clock.now() + 1s;
  clock.spawn(wait_for_others(needed));
  clock.pass(1s);
  EXPECT_EQ(waited_until_, needed - 600ms);
}

TEST_F(JournalTest, WhereCommitsTakeLongNobodyWaitsForThoseOfOthers) {
  const auto timer = clock.timer();
  ledger.while_committing = [&] { return timer->wait(clock.now() + 300ms); };
  clock.spawn(hold());
  clock.pass(1s);
  const auto now = clock.now();
  clock.spawn(wait_for_others(now + 100ms));
  clock.settle();
  EXPECT_EQ(waited_until_, now);
}

TEST_F(JournalTest, ACorruptLedgerIsNeverWrittenAgain) {
  ledger.failing = Error{ErrorKind::corrupt, "corrupt"};
  clock.spawn(hold());
  clock.pass(5s);
  EXPECT_EQ(written_, false);
  ledger.failing.reset();
  EXPECT_FALSE(clock.run(journal.commit({ports::PutHold{job.header}})));
}

}  // namespace
}  // namespace sluice::pipeline
