#include <gtest/gtest.h>

#include "adapters/ledger/folder.hpp"

namespace sluice::adapters::ledger {
namespace {

using records::Outcome;

constexpr JobId kJob{.day = 20261121, .n = 7};

ports::PutJob put_job(std::uint64_t accepted = 0) {
  ports::JobHeader header;
  header.id = kJob;
  header.state = ports::JobState::sending;
  header.counts[Outcome::accepted] = accepted;
  return {header};
}
ports::AddCounts accepted(std::uint64_t rows, JobId job = kJob) {
  ports::Counts counts{};
  counts[Outcome::accepted] = rows;
  return {job, counts, 1, 2};
}

class LedgerChanges : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(folder.open()); }
  ports::JobHeader stored(JobId job = kJob) { return folder.wait(folder.ledger().job(job)).value().value(); }

  LedgerFolder folder;
};

TEST_F(LedgerChanges, CountsOfBatchesThatAreSettledTogetherAddUpJobByJob) {
  constexpr JobId kOther{.day = 20261121, .n = 8};
  auto other = put_job();
  other.job.id = kOther;
  ASSERT_TRUE(folder.commit(put_job(), other));
  ASSERT_TRUE(folder.commit(accepted(50), accepted(3, kOther), accepted(20)));
  EXPECT_EQ(stored().counts[Outcome::accepted], 70);
  EXPECT_EQ(stored().requests, 2);
  EXPECT_EQ(stored().other_starts, 4);
  EXPECT_EQ(stored(kOther).counts[Outcome::accepted], 3);
  EXPECT_EQ(stored(kOther).requests, 1);
}

TEST_F(LedgerChanges, CountsThatWereAddedBeforeTheirSurveyIsForgottenGoWithIt) {
  ASSERT_TRUE(folder.commit(put_job()));
  ASSERT_TRUE(folder.commit(accepted(50), ports::ForgetSurvey{kJob}, accepted(20)));
  EXPECT_EQ(stored().counts[Outcome::accepted], 20);
}

TEST_F(LedgerChanges, CountsForAJobThatIsNotThereYetAreNotItsOwn) {
  ASSERT_TRUE(folder.commit(accepted(50), put_job(1), accepted(20)));
  EXPECT_EQ(stored().counts[Outcome::accepted], 21);
}

TEST_F(LedgerChanges, ANumberOnceUsedStaysUsedWhateverComesBehindItInItsCommit) {
  ports::Batch high{.id = BatchId{9}, .job = kJob};
  ports::Batch low{.id = BatchId{4}, .job = kJob};
  ASSERT_TRUE(folder.commit(put_job(), ports::PutBatches{{high}}, ports::PutBatches{{low}}));
  ASSERT_TRUE(folder.commit(ports::DropBatch{high.id, kJob}, ports::PutBatches{{low}}));
  const auto numbers = folder.wait(folder.ledger().numbers()).value();
  EXPECT_EQ(numbers.batch, 9);
  EXPECT_EQ(numbers.job, 7);
}

}  // namespace
}  // namespace sluice::adapters::ledger
