#include "pipeline/intake.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "fake_clock.hpp"
#include "memory_ledger.hpp"
#include "pipeline/ledger_sink.hpp"
#include "pipeline/row_marks.hpp"
#include "samples.hpp"
#include "simulation/sim_spool.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;

class IntakeShare : public testing::Test {
 protected:
  void drop(const std::string& name, std::uint32_t owner, std::size_t size = 100'000) {
    disk.put(simulation::Folder::inbox, name, "uid\n1\n" + std::string(size, '\n'), 0)->owner = owner;
  }
  std::map<std::uint32_t, int> taken() const {
    std::map<std::uint32_t, int> files;
    for (const auto& [id, job] : jobs) ++files[*job->owner];
    return files;
  }
  void TearDown() override {
    stop.step = Stop::Step::asked;
    spool.wake();
    clock.pass(1min);
  }

  FakeClock clock;
  MemoryLedger ledger;
  simulation::Disk disk;
  simulation::SpoolWitness witness;
  simulation::SimSpool spool{clock.bench().life, disk, clock.bench().clocks, clock.bench().weather, witness};
  config::Settings settings;
  Stop stop;
  Journal journal{clock, ledger, stop};
  Jobs jobs;
  Intake intake{{.executor = clock.io().get_executor(),
                 .clock = clock,
                 .spool = spool,
                 .journal = journal,
                 .jobs = jobs,
                 .settings = settings,
                 .stop = stop,
                 .claimed = [](Job&) {}}};  // each of them is read, and read on
};

TEST_F(IntakeShare, WhateverOneOwnerDropsAnothersFileIsReadBesideIt) {
  for (int n = 0; n < 20; ++n) drop(fmt::format("a{}.csv", n), 1000);
  clock.spawn(intake.run());
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 3}}));
  drop("z.csv", 1001);
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 3}, {1001, 1}}));
  jobs.begin()->second->header.state = ports::JobState::sending;
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 4}, {1001, 1}})) << "its turn came";
}

TEST_F(IntakeShare, AHeldFileThatIsNotReadYetTakesNobodysPlace) {
  for (int n = 0; n < 4; ++n) drop(fmt::format("a{}.csv", n), 1000);
  clock.spawn(intake.run());
  clock.pass(1min);
  jobs.begin()->second->header.hold = ports::Hold::by_operator;
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 4}}));
}

TEST_F(IntakeShare, SmallFilesAreClaimedTogetherAndAnnouncedInOneCommit) {
  for (int n = 0; n < 20; ++n) drop(fmt::format("a{:02}.csv", n), 1000, 10);
  clock.spawn(intake.run());
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 20}}));
  EXPECT_EQ(journal.meters().commits, 1U);
  EXPECT_EQ(jobs.begin()->second->header.name, "a00.csv") << "the oldest has the lowest number";
}

TEST_F(IntakeShare, HoweverManySmallFilesOneOwnerDropsAnothersAreReadBesideThem) {
  for (int n = 0; n < 100; ++n) drop(fmt::format("a{:02}.csv", n), 1000, 10);
  drop("large.csv", 1000);
  drop("z.csv", 1001, 10);
  clock.spawn(intake.run());
  clock.pass(1min);
  EXPECT_EQ(taken(), (std::map<std::uint32_t, int>{{1000, 49}, {1001, 1}}));
}

TEST_F(IntakeShare, WhatIsCalledOffIsHeardAtTheNextBreath) {
  Job job;
  const RowMarks marks(std::string(32, 'm'));
  LedgerSink sink(job, journal, {.orders = 50, .bytes = 1 << 20}, [] { return BatchId{1}; }, marks, stop);
  const std::string file = "uid,douyinId,source,endMonthTime,isRenew\n1,abc,CUCC,2031-12,false\n";
  const auto format = records::sniff(file, true, text::Encoding::utf8, {.wrappers = orders::wrappers()}).value();
  ASSERT_TRUE(clock.run(sink.begin(format, OrderReading::of(format, {}).value())));
  EXPECT_TRUE(clock.run(sink.breathe()));
  job.header.hold = ports::Hold::by_operator;
  EXPECT_EQ(clock.run(sink.breathe()).error().kind, ErrorKind::cancelled);
  job.header.hold = ports::Hold::none;
  job.header.ruling = ports::Ruling::cancelled;
  EXPECT_EQ(clock.run(sink.breathe()).error().kind, ErrorKind::cancelled);
  job.header.ruling = ports::Ruling::none;
  stop.step = Stop::Step::asked;
  EXPECT_EQ(clock.run(sink.breathe()).error().kind, ErrorKind::cancelled);
}

}  // namespace
}  // namespace sluice::pipeline
