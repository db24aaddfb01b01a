#include "disk.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sim_spool.hpp"
#include "workbench.hpp"

namespace sluice::simulation {
namespace {

TEST(Disk, KeepsWhatWasSyncedThroughAPowerLoss) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    Disk disk;
    const File file = disk.create(Folder::state, "a", 1);
    disk.append(file, "bytes", 1);
    disk.sync(file);
    disk.sync(Folder::state);
    disk.rename(Folder::state, "a", Folder::outbox, "b", 2);
    disk.sync(Folder::outbox);
    Random random(seed);
    disk.power_loss(random);
    ASSERT_TRUE(disk.find(Folder::outbox, "b"));
    EXPECT_EQ(disk.find(Folder::outbox, "b")->data, "bytes");
    EXPECT_FALSE(disk.find(Folder::state, "a"));
  }
}

TEST(Disk, LosesBytesThatWereNotSynced) {
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Disk disk;
    const File file = disk.put(Folder::outbox, "a", "12", 1);
    disk.append(file, "34", 1);
    Random random(seed);
    disk.power_loss(random);
    EXPECT_TRUE(std::string_view("1234").starts_with(file->data));
    sizes.insert(file->data.size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{2, 3, 4}));
}

TEST(Disk, UndoesRenamesThatWereNotSyncedEachFileForItself) {
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Disk disk;
    disk.put(Folder::state, "a", "", 1);
    disk.put(Folder::state, "b", "", 1);
    disk.rename(Folder::state, "a", Folder::outbox, "a", 2);
    disk.rename(Folder::state, "b", Folder::outbox, "b", 2);
    Random random(seed);
    disk.power_loss(random);
    std::string outbox;
    for (const auto& [name, file] : disk.names(Folder::outbox)) outbox += name;
    EXPECT_EQ(disk.names(Folder::state).size() + disk.names(Folder::outbox).size(), 2);
    seen.insert(outbox);
  }
  EXPECT_EQ(seen, (std::set<std::string>{"", "a", "b", "ab"}));
}

TEST(Disk, NeverKeepsALaterRenameOfAFileWithoutItsEarlierOne) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Disk disk;
    disk.put(Folder::inbox, "a", "", 1);
    disk.rename(Folder::inbox, "a", Folder::state, "b", 2);
    disk.rename(Folder::state, "b", Folder::archive, "c", 3);
    Random random(seed);
    disk.power_loss(random);
    const auto places =
        disk.names(Folder::inbox).size() + disk.names(Folder::state).size() + disk.names(Folder::archive).size();
    EXPECT_EQ(places, 1);
  }
}

struct SpoolBench : Workbench {
  explicit SpoolBench(std::uint64_t crash_at = 0) : Workbench(crash_at) {}
  Disk disk;
  SpoolWitness witness;
  SimSpool spool{life, disk, clocks, weather, witness};
  JobId job{.day = 20260215, .n = 1};
};

ports::Task<Result<void>> claim(SimSpool& spool, JobId job) {
  const auto inbox = co_await spool.scan();
  auto candidate = co_await spool.open(inbox->entries.at(0));
  if (!candidate) co_return std::unexpected(candidate.error());
  co_return co_await (*candidate)->take(job);
}

TEST(SimSpool, TakesAFileIntoState) {
  SpoolBench bench;
  bench.disk.put(Folder::inbox, "orders.csv", "x", 1);
  const auto taken = bench.run(claim(bench.spool, bench.job));
  ASSERT_TRUE(taken && *taken);
  EXPECT_TRUE(bench.disk.names(Folder::inbox).empty());
  EXPECT_TRUE(bench.disk.find(Folder::state, claimed_name(bench.job)));
}

TEST(SimSpool, AClaimCutAnywhereIsEitherInTheInboxOrInState) {
  for (const bool linked : {false, true}) {
    for (std::uint64_t crash_at = 1; crash_at < 20; ++crash_at) {
      SpoolBench bench(crash_at);
      bench.disk.put(Folder::inbox, "orders.csv", "x", 1)->hard_linked = linked;
      bench.run(claim(bench.spool, bench.job));
      bench.kill();
      const bool in_state = bench.disk.find(Folder::state, claimed_name(bench.job)) != nullptr;
      EXPECT_TRUE(in_state || bench.disk.find(Folder::inbox, "orders.csv"));
      if (linked && in_state) EXPECT_EQ(bench.disk.find(Folder::state, claimed_name(bench.job))->data, "x");
    }
  }
}

ports::Task<Result<void>> write_output(SimSpool& spool, JobId job, std::string bytes, bool publish) {
  const auto output = co_await spool.create(job, ports::OutputKind::results);
  (void)co_await (*output)->append(std::move(bytes));
  if (auto done = co_await (*output)->finish(); !done || !publish) co_return done;
  co_return co_await spool.publish(job, "orders.csv");
}

TEST(SimSpool, PublishesWithoutReplacing) {
  SpoolBench bench;
  const auto name = ports::output_name("orders.csv", bench.job, ports::OutputKind::results);
  bench.disk.put(Folder::outbox, name, "somebody else's", 1);
  const auto done = bench.run(write_output(bench.spool, bench.job, "ours", true));
  ASSERT_TRUE(done && !*done);
  EXPECT_EQ(done->error().kind, ErrorKind::exists);
  EXPECT_EQ(bench.disk.find(Folder::outbox, name)->data, "somebody else's");
}

TEST(SimSpool, NoticesAnOutputThatComesOutDifferently) {
  SpoolBench bench;
  ASSERT_TRUE(bench.run(write_output(bench.spool, bench.job, "one", false)));
  EXPECT_TRUE(bench.witness.violations.empty());
  ASSERT_TRUE(bench.run(write_output(bench.spool, bench.job, "two", false)));
  EXPECT_EQ(bench.witness.violations.size(), 1);
}

TEST(SimSpool, AFullDiskRefusesWritesAndStillReads) {
  SpoolBench bench;
  bench.weather.disk_full = true;
  bench.disk.put(Folder::inbox, "orders.csv", "x", 1);
  const auto taken = bench.run(claim(bench.spool, bench.job));
  ASSERT_TRUE(taken && !*taken);
  EXPECT_EQ(taken->error().kind, ErrorKind::no_space);
  EXPECT_TRUE(bench.disk.find(Folder::inbox, "orders.csv"));
}

}  // namespace
}  // namespace sluice::simulation
