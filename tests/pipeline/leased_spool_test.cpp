#include "pipeline/leased_spool.hpp"

#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_hosts.hpp"
#include "memory_ledger.hpp"
#include "samples.hpp"
#include "simulation/sim_spool.hpp"

namespace sluice::pipeline {
namespace {

using simulation::Disk;
using simulation::Folder;

class LeasedSpoolTest : public testing::Test {
 protected:
  LeasedSpoolTest() { hosts.lease = clock.now() + std::chrono::hours(1); }

  /// A claim of the one file in the inbox.
  std::unique_ptr<ports::Candidate> candidate() {
    disk.put(Folder::inbox, "orders.csv", "uid\n1\n", 7);
    auto inbox = clock.run(spool.scan());
    return *clock.run(leased.open(inbox->entries.front()));
  }
  ports::JobHeader claim_of(const ports::FileIdentity& file) {
    ports::JobHeader header;
    header.id = {.day = kJob.day, .n = kJob.n + 1};
    header.name = "orders.csv";
    header.source = file;
    return header;
  }

  FakeClock clock;
  MemoryHosts hosts{clock};
  MemoryLedger ledger;
  Disk disk;
  simulation::SpoolWitness witness;
  simulation::SimSpool spool{clock.bench().life, disk, clock.bench().clocks, clock.bench().weather, witness};
  LeasedSpool leased{spool, hosts, ledger, clock};
};

TEST_F(LeasedSpoolTest, AFileThatAnotherHostIsTakingStaysWhereItIs) {
  auto file = candidate();
  auto seen_there = file->identity();
  seen_there.device = 99;
  seen_there.ctime_ns += 5;
  hosts.elsewhere.push_back({.job = claim_of(seen_there), .host = "b"});
  const auto taken = clock.run(file->take(kJob));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::busy);
  EXPECT_TRUE(disk.find(Folder::inbox, "orders.csv"));
}

TEST_F(LeasedSpoolTest, AFileOfAJobThatWasTakenOverAndIsNotTakenUpYetStaysWhereItIs) {
  auto file = candidate();
  ledger.store.apply({ports::PutJob{claim_of(file->identity())}});
  const auto taken = clock.run(file->take(kJob));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().kind, ErrorKind::busy);
}

TEST_F(LeasedSpoolTest, AnotherFileOfThatNameIsTaken) {
  auto file = candidate();
  auto other = file->identity();
  ++other.inode;
  hosts.elsewhere.push_back({.job = claim_of(other), .host = "b"});
  EXPECT_TRUE(clock.run(file->take(kJob)));
}

TEST_F(LeasedSpoolTest, NothingIsTakenOnceTheLeaseIsOver) {
  auto file = candidate();
  hosts.lease = clock.now();
  EXPECT_FALSE(clock.run(file->take(kJob)));
  EXPECT_TRUE(disk.find(Folder::inbox, "orders.csv"));
}

}  // namespace
}  // namespace sluice::pipeline
