#include "pipeline/intake.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <utility>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;
using ports::Task;
using testing::HasSubstr;

/// An inbox whose files can't be taken.
class StubbornSpool final : public ports::Spool {
 public:
  explicit StubbornSpool(ports::Clock& clock) : timer_(clock.timer()) {}

  std::vector<ports::InboxEntry> entries;
  ErrorKind why = ErrorKind::permission;
  int tries = 0;

  const std::string& secret() const override { return secret_; }
  Task<void> wait_for_change(Boottime until) override { co_await timer_->wait(until); }
  void wake() override { timer_->wake(); }
  Task<Result<ports::InboxScan>> scan() override { co_return ports::InboxScan{.entries = entries, .also_wait = 0}; }
  Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry entry) override {
    co_return std::make_unique<Stubborn>(*this, std::move(entry));
  }
  Task<Result<bool>> claim_completed(JobId, std::string, ports::FileIdentity) override { co_return false; }
  Task<Result<std::size_t>> remove(JobId, std::string, ports::Kept) override { co_return 0U; }
  Task<Result<std::uint64_t>> free_bytes() override { co_return 1ULL << 40; }

  Task<Result<std::vector<JobId>>> claimed() override { return nothing<std::vector<JobId>>(); }
  Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId) override {
    return nothing<std::unique_ptr<ports::ClaimedFile>>();
  }
  Task<Result<std::unique_ptr<ports::Output>>> create(JobId, ports::OutputKind) override {
    return nothing<std::unique_ptr<ports::Output>>();
  }
  Task<Result<void>> discard(JobId) override { return nothing<void>(); }
  Task<Result<void>> publish(JobId, std::string) override { return nothing<void>(); }
  Task<Result<void>> archive(JobId, std::string) override { return nothing<void>(); }
  Task<Result<void>> reject(JobId, std::string, std::string) override { return nothing<void>(); }
  Task<Result<void>> progress(JobId, std::string, std::string) override { return nothing<void>(); }

 private:
  struct Stubborn final : ports::Candidate {
    Stubborn(StubbornSpool& of, ports::InboxEntry taken) : spool(of), entry(std::move(taken)) {}
    const std::string& name() const override { return entry.name; }
    const ports::FileIdentity& identity() const override { return entry.identity; }
    Task<Result<void>> take(JobId) override {
      ++spool.tries;
      co_return fail(spool.why, "it may not be taken");
    }
    StubbornSpool& spool;
    ports::InboxEntry entry;
  };
  template <class T>
  static Task<Result<T>> nothing() {
    co_return fail(ErrorKind::io, "not of this test");
  }
  const std::string secret_;
  std::unique_ptr<ports::Clock::Timer> timer_;
};

class IntakeTest : public testing::Test {
 protected:
  void add(const std::string& name, bool ready = true) {
    spool.entries.push_back({.name = name, .identity = {.size = 1, .ctime_ns = 7}, .ready = ready, .waits_for = {}});
    if (!ready) spool.entries.back().waits_for = "it is being written";
  }

  FakeClock clock;
  StubbornSpool spool{clock};
  MemoryLedger ledger;
  Stop stop;
  Journal journal{clock, ledger, stop};
  Jobs jobs;
  config::Settings settings;
  Intake intake{{.executor = clock.io().get_executor(),
                 .clock = clock,
                 .spool = spool,
                 .journal = journal,
                 .jobs = jobs,
                 .settings = settings,
                 .stop = stop,
                 .claimed = [](Job&) {}}};
};

TEST_F(IntakeTest, WhatMayNotBeTakenIsTriedHourlyAtMostUntilItChanges) {
  add("a.csv");
  clock.spawn(intake.run());
  clock.pass(59min);
  EXPECT_EQ(spool.tries, 1) << "each try costs a job's number";
  EXPECT_THAT(intake.waiting().at("a.csv"), HasSubstr("it may not be taken"));
  clock.pass(2min);
  EXPECT_EQ(spool.tries, 2);
  spool.entries[0].identity.ctime_ns = 8;  // a chmod
  clock.pass(10s);
  EXPECT_EQ(spool.tries, 3);
  EXPECT_EQ(ledger.store.numbers().job, 3U);
}

TEST_F(IntakeTest, WhatMayPassIsTriedAgainInSeconds) {
  spool.why = ErrorKind::io;
  add("a.csv");
  clock.spawn(intake.run());
  clock.pass(1min);
  EXPECT_GE(spool.tries, 10);
  EXPECT_LE(spool.tries, 13);
}

TEST_F(IntakeTest, OfACrowdTheFirstHundredAreShownAndTheOthersCounted) {
  for (int i = 0; i < 1000; ++i) add("f" + std::to_string(i), false);
  clock.spawn(intake.run());
  clock.pass(1s);
  EXPECT_EQ(intake.waiting().size(), 101U);
  EXPECT_EQ(text::in(text::Lang::en, intake.waiting().at("")), "900 more files wait here");
}

TEST_F(IntakeTest, OfACrowdThatCannotBeTakenNoMoreAreTold) {
  for (int i = 0; i < 300; ++i) add("f" + std::to_string(i));
  clock.spawn(intake.run());
  clock.pass(1s);
  EXPECT_LE(intake.waiting().size(), 101U);
}

}  // namespace
}  // namespace sluice::pipeline
