// Of files with one content exactly one goes, and none waits for one that a person has called off.
#include "pipeline/worker.hpp"
#include "sending_line.hpp"
#include "simulation/sim_spool.hpp"

namespace sluice::pipeline {
namespace {

using ports::JobState;
using simulation::Folder;

class SameContent : public SendingLine {
 protected:
  /// A claimed file that nobody has read yet.
  Job& claimed(JobId id, std::string_view end = "2031-12") {
    const auto bytes = fmt::format("douyinId,source,uid,endMonthTime,isRenew\nabc,CUCC,1001,{},false\n", end);
    disk.put(Folder::state, simulation::claimed_name(id), bytes, 0);
    auto& header = job(id).header;
    header.name = "orders.csv";
    header.source.size = bytes.size();
    header.claimed_at = kNoon;
    ledger.store.apply({ports::PutJob{header}});
    return job(id);
  }
  void hold(Job& job, ports::Hold why) {
    job.header.hold = why;
    job.changed->wake();
  }

  simulation::Disk disk;
  simulation::SpoolWitness witness;
  simulation::SimSpool spool{clock.bench().life, disk, clock.bench().clocks, clock.bench().weather, witness};
  Worker worker{{.clock = clock,
                 .spool = spool,
                 .journal = journal,
                 .jobs = jobs,
                 .sender = sender,
                 .hosts = hosts,
                 .doubts = doubts,
                 .marks = marks,
                 .settings = settings,
                 .stop = stop,
                 .next_batch = [this] { return next_batch(); },
                 .ended = [](JobId, int) {}}};
};

TEST_F(SameContent, AHeldFileThatIsNotReadYetLetsLaterOnesOfItsSizePass) {
  auto& first = claimed(kJob);
  auto& second = claimed(kOther, "2032-12");
  first.header.hold = ports::Hold::by_operator;
  for (auto* job : {&first, &second}) clock.spawn(worker.work(*job));
  clock.pass(std::chrono::seconds(10));
  EXPECT_EQ(second.header.state, JobState::sending);
  EXPECT_EQ(first.header.state, JobState::claiming);
  hold(first, ports::Hold::none);
  clock.pass(std::chrono::seconds(10));
  EXPECT_EQ(first.header.state, JobState::sending) << "it is another file";
}

TEST_F(SameContent, FilesThatComeTogetherTellTheirContentWithoutACommitOfItsOwn) {
  auto& first = claimed(kJob);
  auto& second = claimed(kOther);
  for (auto* job : {&first, &second}) clock.spawn(worker.work(*job));
  clock.pass(std::chrono::seconds(10));
  EXPECT_EQ(first.header.state, JobState::sending);
  EXPECT_EQ(second.header.state, JobState::rejected);
  EXPECT_EQ(journal.meters().commits, 3U) << "the plan of one, the verdict on the other and its end";
}

TEST_F(SameContent, WhereOtherHostsShareTheLedgerAFilesContentIsToldThereBeforeAnybodyLooks) {
  settings.ledger.postgresql = "host=db";
  auto& first = claimed(kJob);
  std::vector<std::size_t> commits;  // of how many changes each
  ledger.committed = [&](const std::vector<ports::Change>& changes) { commits.push_back(changes.size()); };
  clock.spawn(worker.work(first));
  clock.pass(std::chrono::seconds(10));
  ASSERT_EQ(commits.size(), 2U) << "the content, then the plan";
  EXPECT_EQ(commits.front(), 1U);
  EXPECT_EQ(first.header.state, JobState::sending);
}

TEST_F(SameContent, WhatAnotherHostReadsMayHaveLookedBeforeThisOneToldAndIsWaitedFor) {
  hosts.lease = clock.now() + std::chrono::hours(1);
  auto& first = claimed(kJob);
  ledger.committed = [&](const std::vector<ports::Change>& changes) {
    const auto* put = std::get_if<ports::PutJob>(&changes.front());
    if (put == nullptr || put->job.state != JobState::surveying || !hosts.elsewhere.empty()) return;
    auto theirs = put->job;
    theirs.id = kOther;
    hosts.elsewhere.push_back({.job = theirs, .host = "b"});
  };
  clock.spawn(worker.work(first));
  clock.pass(std::chrono::seconds(10));
  ASSERT_EQ(first.header.state, JobState::surveying);
  auto sending = hosts.elsewhere.front().job;
  sending.state = JobState::sending;
  hosts.elsewhere.front().job = sending;
  ledger.store.apply({ports::PutJob{sending}});
  clock.pass(std::chrono::seconds(10));
  EXPECT_EQ(first.header.state, JobState::rejected);
}

TEST_F(SameContent, OneThatWasPassedOverWhileItWasHeldIsNotSentToo) {
  auto& first = claimed(kJob);
  auto& second = claimed(kOther);
  first.header.hold = ports::Hold::by_operator;
  for (auto* job : {&first, &second}) clock.spawn(worker.work(*job));
  clock.pass(std::chrono::seconds(10));
  ASSERT_EQ(second.header.state, JobState::sending);
  hold(first, ports::Hold::none);
  clock.pass(std::chrono::seconds(10));
  EXPECT_EQ(first.header.state, JobState::rejected);
  EXPECT_NE(first.header.reason.find("being worked on as job " + to_string(kOther)), std::string::npos);
}

TEST_F(SameContent, WheneverItIsReleasedExactlyOneOfTheTwoGoes) {
  for (std::uint64_t n = 0; n < 200; ++n) {
    const JobId one{.day = kJob.day, .n = 2 * n + 101};
    const JobId two{.day = kJob.day, .n = 2 * n + 102};
    auto& first = claimed(one, fmt::format("20{}-{:02}", 31 + n / 12, 1 + n % 12));
    auto& second = claimed(two, fmt::format("20{}-{:02}", 31 + n / 12, 1 + n % 12));
    first.header.hold = ports::Hold::by_operator;
    for (auto* job : {&first, &second}) clock.spawn(worker.work(*job));
    clock.pass(std::chrono::microseconds(20 * n));
    hold(first, ports::Hold::none);
    clock.pass(std::chrono::seconds(10));
    const auto goes = [](const Job& job) { return job.header.state == JobState::sending ? 1 : 0; };
    const auto rejected = [](const Job& job) { return job.header.state == JobState::rejected ? 1 : 0; };
    EXPECT_EQ(goes(first) + goes(second), 1) << n;
    EXPECT_EQ(rejected(first) + rejected(second), 1) << n;
  }
}

}  // namespace
}  // namespace sluice::pipeline
