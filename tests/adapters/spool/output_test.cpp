#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using ports::OutputKind;
using SpoolOutput = SpoolTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST_F(SpoolOutput, IsSeenOnlyWhenPublishedAndThenWhole) {
  open();
  const auto output = value(spool->create(kJob, OutputKind::results));
  std::string expected;
  for (int i = 0; i < 1000; ++i) {
    const auto part = std::string(1000, static_cast<char>('a' + i % 26));
    value(output->append(part));
    expected += part;
  }
  value(output->finish());
  EXPECT_THAT(names_in(outbox()), IsEmpty());
  value(spool->publish(kJob, "jan.csv"));
  EXPECT_THAT(names_in(outbox()), ElementsAre("jan.20240118-7.results.csv"));
  EXPECT_EQ(bytes_of(outbox("jan.20240118-7.results.csv")), expected);
  EXPECT_FALSE(std::filesystem::exists(state("20240118-7.results.tmp")));
}

TEST_F(SpoolOutput, OfAFinishedJobGoesByItsNamesAndNothingElseDoes) {
  open();
  put(outbox("jan.20240118-7.results.csv"), "r");
  put(outbox("jan.20240118-7.summary.json"), "s");
  put(outbox("jan.20240118-8.results.csv"), "another job's");
  put(outbox("jan.20240118-7.results.xlsx"), "somebody's own");
  EXPECT_EQ(value(spool->remove(kJob, "jan.csv", ports::Kept::outbox)), 2U);
  EXPECT_EQ(value(spool->remove(kJob, "jan.csv", ports::Kept::outbox)), 0U);
  EXPECT_THAT(names_in(outbox()),
              ::testing::UnorderedElementsAre("jan.20240118-8.results.csv", "jan.20240118-7.results.xlsx"));
  put(root / "rejected" / "jan.20240118-7.csv", "x");
  put(root / "rejected" / "jan.20240118-7.reason.txt", "why");
  EXPECT_EQ(value(spool->remove(kJob, "jan.csv", ports::Kept::rejected)), 2U);
  EXPECT_EQ(value(spool->remove(kJob, "jan.csv", ports::Kept::archive)), 0U);
}

TEST_F(SpoolOutput, IsForTheGroupWhateverTheUmaskSays) {
  const mode_t before = ::umask(0077);
  open();
  value(value(spool->create(kJob, OutputKind::summary))->finish());
  value(spool->publish(kJob, "jan.csv"));
  put_whole("jan.csv");
  claim(kJob);
  value(spool->reject(kJob, "jan.csv", "why"));
  value(spool->progress(kJob, "jan.csv", "10 %"));
  ::umask(before);
  EXPECT_EQ(mode_of(outbox("jan.20240118-7.summary.json")), 0660U);
  EXPECT_EQ(mode_of(outbox("jan.20240118-7.progress.txt")), 0660U);
  EXPECT_EQ(mode_of(root / "rejected" / "jan.20240118-7.reason.txt"), 0660U);
}

TEST_F(SpoolOutput, BelongsToTheOutboxsGroup) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give folders to a group";
  open();
  ASSERT_EQ(::chown(outbox().c_str(), static_cast<uid_t>(-1), 12345), 0);
  value(value(spool->create(kJob, OutputKind::results))->finish());
  value(spool->publish(kJob, "jan.csv"));
  struct stat s{};
  ASSERT_EQ(::stat(outbox("jan.20240118-7.results.csv").c_str(), &s), 0);
  EXPECT_EQ(s.st_gid, 12345U);
  EXPECT_EQ(s.st_mode & 07777U, 0660U);
}

TEST_F(SpoolOutput, PublishingTwiceIsPublishingOnce) {
  open();
  value(value(spool->create(kJob, OutputKind::results))->finish());
  value(spool->publish(kJob, "jan.csv"));
  std::filesystem::rename(outbox("jan.20240118-7.results.csv"), base / "moved on by a user");
  value(spool->publish(kJob, "jan.csv"));
  EXPECT_THAT(names_in(outbox()), IsEmpty());
}

TEST_F(SpoolOutput, NeverOverwritesAndGoesOnOnceTheNameIsFree) {
  open();
  const auto taken = outbox("jan.20240118-7.results.csv");
  put(taken, "somebody's");
  const auto output = value(spool->create(kJob, OutputKind::results));
  value(output->append("ours"));
  value(output->finish());
  EXPECT_EQ(kind(spool->publish(kJob, "jan.csv")), ErrorKind::exists);
  EXPECT_THAT(words, HasSubstr("jan.20240118-7.results.csv"));
  EXPECT_EQ(bytes_of(taken), "somebody's");
  std::filesystem::remove(taken);
  std::filesystem::create_directory(taken);
  EXPECT_EQ(kind(spool->publish(kJob, "jan.csv")), ErrorKind::exists);
  std::filesystem::remove(taken);
  std::filesystem::create_symlink(base / "target", taken);
  EXPECT_EQ(kind(spool->publish(kJob, "jan.csv")), ErrorKind::exists);
  std::filesystem::remove(taken);
  value(spool->publish(kJob, "jan.csv"));
  EXPECT_EQ(bytes_of(taken), "ours");
  EXPECT_FALSE(std::filesystem::exists(base / "target"));
}

TEST_F(SpoolOutput, ASecondTryBeginsAfresh) {
  open();
  const auto first = value(spool->create(kJob, OutputKind::results));
  value(first->append("first"));
  value(first->finish());
  const auto second = value(spool->create(kJob, OutputKind::results));
  value(second->append("second"));
  value(second->finish());
  value(spool->publish(kJob, "jan.csv"));
  EXPECT_EQ(bytes_of(outbox("jan.20240118-7.results.csv")), "second");
}

TEST_F(SpoolOutput, DiscardingIsNeverWrong) {
  open();
  value(spool->discard(kJob));
  value(value(spool->create(kJob, OutputKind::failures))->finish());
  value(spool->discard(kJob));
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

TEST_F(SpoolOutput, TheOriginalIsArchivedByteForByteAndOnlyOnce) {
  open();
  const std::string bytes("\xEF\xBB\xBFuid\r\n1\0\r\n", 11);
  put_whole("jan.csv", bytes);
  claim(kJob);
  value(spool->archive(kJob, "jan.csv"));
  EXPECT_EQ(bytes_of(root / "archive" / "jan.20240118-7.csv"), bytes);
  value(spool->archive(kJob, "jan.csv"));
  EXPECT_EQ(kind(spool->read(kJob)), ErrorKind::missing);
}

TEST_F(SpoolOutput, ArchivingNeverOverwrites) {
  open();
  put_whole("jan.csv");
  claim(kJob);
  put(root / "archive" / "jan.20240118-7.csv", "somebody's");
  EXPECT_EQ(kind(spool->archive(kJob, "jan.csv")), ErrorKind::exists);
  EXPECT_EQ(bytes_of(root / "archive" / "jan.20240118-7.csv"), "somebody's");
  EXPECT_THAT(value(spool->claimed()), ElementsAre(kJob));
}

TEST_F(SpoolOutput, ARejectedFileLiesBesideItsReason) {
  open();
  put_whole("jan.csv", "junk");
  claim(kJob);
  value(spool->reject(kJob, "jan.csv", "no header\n"));
  EXPECT_EQ(bytes_of(root / "rejected" / "jan.20240118-7.csv"), "junk");
  EXPECT_EQ(bytes_of(root / "rejected" / "jan.20240118-7.reason.txt"), "no header\n");
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

TEST_F(SpoolOutput, RejectingIsSafeToRepeatAfterEachStep) {
  open();
  put_whole("jan.csv", "junk");
  claim(kJob);
  put(state("20240118-7.reason.tmp"), "no he");                         // a crash while it was written
  put(root / "rejected" / "jan.20240118-7.reason.txt", "no header\n");  // a crash before the second rename
  value(spool->reject(kJob, "jan.csv", "no header\n"));
  EXPECT_EQ(bytes_of(root / "rejected" / "jan.20240118-7.reason.txt"), "no header\n");
  EXPECT_EQ(bytes_of(root / "rejected" / "jan.20240118-7.csv"), "junk");
  value(spool->reject(kJob, "jan.csv", "no header\n"));
  EXPECT_THAT(names_in(root / "rejected"), ElementsAre("jan.20240118-7.csv", "jan.20240118-7.reason.txt"));
}

TEST_F(SpoolOutput, AReasonThatSomebodyPlantedHidesNoneAndIsSaidToBeInTheWay) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to give a file away";
  open();
  put_whole("jan.csv", "junk");
  claim(kJob);
  const auto planted = root / "rejected" / "jan.20240118-7.reason.txt";
  put(planted, "all is well\n");
  ASSERT_EQ(::chown(planted.c_str(), 4711, 0), 0);
  EXPECT_EQ(kind(spool->reject(kJob, "jan.csv", "no header\n")), ErrorKind::exists);
  EXPECT_THAT(words, ::testing::HasSubstr("jan.20240118-7.reason.txt"));
  std::filesystem::remove(planted);
  value(spool->reject(kJob, "jan.csv", "no header\n"));
  EXPECT_EQ(bytes_of(planted), "no header\n");
}

TEST_F(SpoolOutput, AReasonOfOursThatSomebodyRenamedHidesNoOther) {
  open();
  put_whole("jan.csv", "junk");
  claim(kJob);
  const auto renamed = root / "rejected" / "jan.20240118-7.reason.txt";
  put(renamed, "no footer\n");
  EXPECT_EQ(kind(spool->reject(kJob, "jan.csv", "no header\n")), ErrorKind::exists);
  EXPECT_EQ(bytes_of(renamed), "no footer\n");
  std::filesystem::rename(renamed, root / "rejected" / "feb.20240118-6.reason.txt");
  value(spool->reject(kJob, "jan.csv", "no header\n"));
  EXPECT_EQ(bytes_of(renamed), "no header\n");
}

TEST_F(SpoolOutput, ProgressIsReplacedAndThenGone) {
  open();
  value(spool->progress(kJob, "jan.csv", "10 %"));
  value(spool->progress(kJob, "jan.csv", "20 %\n"));
  EXPECT_EQ(bytes_of(outbox("jan.20240118-7.progress.txt")), "20 %\n");
  EXPECT_THAT(names_in(outbox()), ElementsAre("jan.20240118-7.progress.txt"));
  value(spool->progress(kJob, "jan.csv", ""));
  value(spool->progress(kJob, "jan.csv", ""));
  EXPECT_THAT(names_in(outbox()), IsEmpty());
}

TEST_F(SpoolOutput, ProgressDoesNotWriteThroughALink) {
  open();
  put(base / "precious", "precious");
  std::filesystem::create_symlink(base / "precious", outbox("jan.20240118-7.progress.txt"));
  value(spool->progress(kJob, "jan.csv", "10 %"));
  EXPECT_EQ(bytes_of(base / "precious"), "precious");
}

TEST_F(SpoolOutput, NamesWithDotsAndSlashesLeadNowhere) {
  open();
  const std::string name = "a\\..\\..\\etc.csv";
  put_whole(name);
  claim(kJob);
  value(spool->archive(kJob, name));
  EXPECT_THAT(names_in(root / "archive"), ElementsAre("a\\..\\..\\etc.20240118-7.csv"));
  // Nor does a ledger that somebody meddled with.
  value(value(spool->create(kJob, OutputKind::results))->finish());
  value(spool->publish(kJob, "../../escaped.csv"));
  EXPECT_THAT(names_in(outbox()), ElementsAre(".._.._escaped.20240118-7.results.csv"));
  EXPECT_EQ(kind(spool->claim_completed(kJob, "../outbox/x", {})), ErrorKind::corrupt);
}

TEST_F(SpoolOutput, AFolderMovedAwayIsMadeAnewAndUsed) {
  open();
  std::filesystem::rename(outbox(), base / "outbox of last year");
  value(value(spool->create(kJob, OutputKind::results))->finish());
  value(spool->publish(kJob, "jan.csv"));
  EXPECT_THAT(names_in(outbox()), ElementsAre("jan.20240118-7.results.csv"));
  EXPECT_EQ(mode_of(outbox()), 02770U);
  EXPECT_THAT(names_in(base / "outbox of last year"), IsEmpty());
}

}  // namespace
}  // namespace sluice::adapters::spool
