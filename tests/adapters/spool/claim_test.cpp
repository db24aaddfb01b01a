#include <gmock/gmock.h>

#include "adapters/spool/fixture.hpp"
#include "sluice/adapters/spool/last_job.hpp"

namespace sluice::adapters::spool {
namespace {

using SpoolClaim = SpoolTest;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Begins to open for writing, as an editor would; with a lease on the file it is told to wait, and the lease breaks.
void begin_to_write(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);
  EXPECT_EQ(fd, -1) << "no lease was held";
  EXPECT_EQ(errno, EWOULDBLOCK);
  if (fd >= 0) ::close(fd);
}

TEST_F(SpoolClaim, MovesTheFileIntoStateAndReadsItThere) {
  open();
  put_whole("a.csv", "uid\n1\n");
  const auto file = claim(kJob);
  EXPECT_THAT(names_in(inbox()), IsEmpty());
  EXPECT_EQ(bytes_of(state("20240118-7.claimed")), "uid\n1\n");
  EXPECT_EQ(value(file->read_at(0, 100)), "uid\n1\n");
  EXPECT_THAT(value(spool->claimed()), ElementsAre(kJob));
}

TEST_F(SpoolClaim, ARenamedFileKeepsItsInode) {
  open();
  put_whole("a.csv");
  const auto before = rested().identity;
  const auto file = claim(kJob);
  EXPECT_EQ(value(file->identity()).inode, before.inode);
}

TEST_F(SpoolClaim, NeverReplacesAClaimedFile) {
  open();
  put(state("20240118-7.claimed"), "earlier");
  put_whole("a.csv");
  const auto file = candidate();
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::exists);
  EXPECT_EQ(bytes_of(state("20240118-7.claimed")), "earlier");
  EXPECT_EQ(bytes_of(inbox("a.csv")), "uid\n1\n");
}

TEST_F(SpoolClaim, WhoBeginsToWriteMeanwhileKeepsTheFileInTheInbox) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  begin_to_write(inbox("a.csv"));  // and nothing has killed us: the lease's signal is harmless
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed);
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
  EXPECT_THAT(value(spool->claimed()), IsEmpty());
}

TEST_F(SpoolClaim, AWriterWhoHasItOpenIsSeenWhenItIsOpened) {
  open();
  put_whole("a.csv");
  const auto entry = rested();
  const Writer writer(inbox("a.csv"));
  EXPECT_EQ(kind(spool->open(entry)), ErrorKind::busy);
}

TEST_F(SpoolClaim, AnEntryThatChangedSinceTheScanIsNotOpened) {
  open();
  put_whole("a.csv");
  const auto entry = rested();
  Writer(inbox("a.csv")).write("2\n");
  EXPECT_EQ(kind(spool->open(entry)), ErrorKind::changed);
}

TEST_F(SpoolClaim, AnEntryThatIsGoneIsMissing) {
  open();
  put_whole("a.csv");
  const auto entry = rested();
  std::filesystem::remove(inbox("a.csv"));
  EXPECT_EQ(kind(spool->open(entry)), ErrorKind::missing);
}

TEST_F(SpoolClaim, AFileThatVanishesBeforeTheRenameIsMissing) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  std::filesystem::remove(inbox("a.csv"));
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::missing);
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

/// What somebody puts in the file's place while it is claimed.
struct Swap {
  const char* name;
  void (*make)(const std::filesystem::path&);
};

class SpoolClaimSwap : public SpoolTest, public ::testing::WithParamInterface<Swap> {};

TEST_P(SpoolClaimSwap, WhatTookItsPlaceStaysInTheInboxAsItIs) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  std::filesystem::rename(inbox("a.csv"), base / "moved away");
  GetParam().make(inbox("a.csv"));
  struct stat before{};
  ASSERT_EQ(::lstat(inbox("a.csv").c_str(), &before), 0);
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed) << words;
  struct stat after{};
  ASSERT_EQ(::lstat(inbox("a.csv").c_str(), &after), 0);
  EXPECT_EQ(after.st_ino, before.st_ino);
  EXPECT_THAT(value(spool->claimed()), IsEmpty());
  EXPECT_EQ(bytes_of(base / "moved away"), "uid\n1\n");
}

TEST_P(SpoolClaimSwap, BeforeItIsOpenedItIsSeen) {
  open();
  put_whole("a.csv");
  const auto entry = rested();
  std::filesystem::remove(inbox("a.csv"));
  GetParam().make(inbox("a.csv"));
  EXPECT_EQ(kind(spool->open(entry)), ErrorKind::changed) << words;
}

INSTANTIATE_TEST_SUITE_P(
    ByWhat, SpoolClaimSwap,
    ::testing::Values(Swap{"File", [](const auto& path) { SpoolTest::put(path, "other bytes"); }},
                      Swap{"Symlink", [](const auto& path) { std::filesystem::create_symlink("/etc/passwd", path); }},
                      Swap{"Fifo", [](const auto& path) { ASSERT_EQ(::mkfifo(path.c_str(), 0660), 0); }},
                      Swap{"Folder", [](const auto& path) { std::filesystem::create_directory(path); }}),
    [](const auto& tested) { return tested.param.name; });

TEST_F(SpoolClaim, AFileWithOtherHardLinksStaysWithWords) {
  open();
  put(base / "kept", "uid\n1\n");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  scan();
  clock.advance(61s);
  const auto entry = only();
  EXPECT_FALSE(entry.ready);
  EXPECT_THAT(entry.waits_for, HasSubstr("hard links"));
  EXPECT_THAT(entry.waits_for, HasSubstr("inbox.hard_links: copy"));
  std::filesystem::remove(base / "kept");
  rested();
}

TEST_F(SpoolClaim, WhatIsCopiedIsNoLargerThanAFileMayBeAndKeepsItsHoles) {
  settings.hard_links = config::HardLinks::copy;
  settings.max_bytes = 8 << 20;
  open();
  put(base / "kept", "uid\n1\n");
  std::filesystem::resize_file(base / "kept", settings.max_bytes);
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  const auto file = claim(kJob);
  EXPECT_EQ(value(file->read_at(0, 6)), "uid\n1\n");
  struct stat copied{};
  ASSERT_EQ(::stat(state("20240118-7.claimed").c_str(), &copied), 0);
  EXPECT_EQ(static_cast<std::uint64_t>(copied.st_size), settings.max_bytes);
  EXPECT_LT(copied.st_blocks, 1024);
  put(base / "larger");
  std::filesystem::resize_file(base / "larger", settings.max_bytes + 1);
  std::filesystem::create_hard_link(base / "larger", inbox("b.csv"));
  EXPECT_THAT(only().waits_for, HasSubstr("not copied"));
}

TEST_F(SpoolClaim, ALinkMadeBetweenTheScanAndTheOpeningIsNoticed) {
  open();
  put_whole("a.csv");
  const auto entry = rested();
  std::filesystem::create_hard_link(inbox("a.csv"), base / "sneaked");
  auto linked = entry;
  struct stat now{};
  ASSERT_EQ(::stat(inbox("a.csv").c_str(), &now), 0);
  linked.identity.ctime_ns = now.st_ctim.tv_sec * 1'000'000'000 + now.st_ctim.tv_nsec;
  EXPECT_EQ(kind(spool->open(linked)), ErrorKind::busy);
}

TEST_F(SpoolClaim, TheHighestNumberOfAJobIsNotedInTheRootBeyondMembersReach) {
  open();
  EXPECT_EQ(last_job(root), std::nullopt);
  put_whole("a.csv");
  claim({20240118, 95});
  EXPECT_EQ(last_job(root), 95U);
  put_whole("b.csv");
  claim({20240118, 105});
  EXPECT_EQ(last_job(root), 105U);
  put_whole("c.csv");
  claim({20240118, 20});
  EXPECT_EQ(last_job(root), 105U) << "numbers only grow";
}

TEST_F(SpoolClaim, AFileThatCannotBeNotedStays) {
  open();
  put_whole("a.csv");
  std::filesystem::create_directory(root / kLastJob);
  EXPECT_EQ(kind(candidate()->take(kJob)), ErrorKind::exists);
  EXPECT_TRUE(std::filesystem::exists(inbox("a.csv")));
  EXPECT_EQ(last_job(root), 0U) << "something is there";
}

TEST_F(SpoolClaim, AFileWithOtherHardLinksIsCopiedWhereThatIsAllowed) {
  settings.hard_links = config::HardLinks::copy;
  open();
  put(base / "kept", "uid\n1\n");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  const auto file = claim(kJob);
  Writer(base / "kept").write("2\n");
  EXPECT_EQ(value(file->read_at(0, 100)), "uid\n1\n");
  EXPECT_THAT(names_in(inbox()), IsEmpty());
  EXPECT_EQ(mode_of(state("20240118-7.claimed")), 0660U);
  EXPECT_EQ(bytes_of(base / "kept"), "uid\n1\n2\n");
}

TEST_F(SpoolClaim, AHardLinkedFileWrittenMeanwhileStaysInTheInbox) {
  settings.hard_links = config::HardLinks::copy;
  open();
  put(base / "kept", "uid\n1\n");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  const auto file = candidate();
  begin_to_write(base / "kept");
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed);
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

TEST_F(SpoolClaim, AHardLinkMadeAfterTheLookPutsItBack) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  std::filesystem::create_hard_link(inbox("a.csv"), base / "sneaked");
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed);
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv"));
}

TEST_F(SpoolClaim, AFailedClaimLeavesTheReadyMarker) {
  settings.ready_suffix = ".ok";
  open();
  put_whole("a.csv");
  put(inbox("a.csv.ok"), "");
  const auto file = candidate();
  begin_to_write(inbox("a.csv"));
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed);
  EXPECT_THAT(names_in(inbox()), ElementsAre("a.csv", "a.csv.ok"));
}

TEST_F(SpoolClaim, AWriterWaitsNoLongerThanTheFailedClaim) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  begin_to_write(inbox("a.csv"));
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed);
  const Writer writer(inbox("a.csv"), O_WRONLY | O_NONBLOCK);
  EXPECT_EQ(kind(file->take(kJob)), ErrorKind::changed) << "good for one try";
  EXPECT_EQ(file->name(), "a.csv");
}

TEST_F(SpoolClaim, ALeaseEndsWithTheCandidate) {
  open();
  put_whole("a.csv");
  candidate().reset();
  const Writer writer(inbox("a.csv"), O_WRONLY | O_NONBLOCK);
}

TEST_F(SpoolClaim, AScanDoesNotDisturbAnOpenCandidate) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  scan();
  value(file->take(kJob));
}

TEST_F(SpoolClaim, StateTellsTheDroppedNameWithoutALedger) {
  open();
  const std::string name = "\xC1\xAA new\nline..csv";
  put_whole(name);
  claim(kJob);
  value(value(spool->create(kJob, ports::OutputKind::failures))->finish());
  const auto remains = value(spool->remains());
  ASSERT_EQ(remains.size(), 1U);
  EXPECT_EQ(remains[0].job, kJob);
  EXPECT_TRUE(remains[0].claimed);
  EXPECT_EQ(remains[0].dropped_name, name);
  EXPECT_THAT(remains[0].temporaries, ElementsAre(ports::OutputKind::failures));
  value(spool->discard(kJob));
  value(spool->archive(kJob, name));
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

}  // namespace
}  // namespace sluice::adapters::spool
