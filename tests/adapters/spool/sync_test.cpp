#include <gmock/gmock.h>
#include <sys/syscall.h>

#include <cerrno>
#include <mutex>
#include <utility>

#include "adapters/spool/fixture.hpp"
#include "sluice/adapters/spool/last_job.hpp"

namespace {

std::mutex synced_mutex;
std::vector<std::string>* synced = nullptr;  ///< paths, while somebody watches
std::vector<std::size_t> in_outbox;          ///< how many names were there at each of its syncs, while somebody watches
bool next_fails = false;                     ///< once, as a kernel does that has dropped the bytes

}  // namespace

/// Stands before libc's: the real thing, and a note of it.
extern "C" int fsync(int fd) {
  {
    const std::lock_guard lock(synced_mutex);
    std::error_code ignored;
    if (synced != nullptr) {
      const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored);
      synced->push_back(path.string());
      using Names = std::filesystem::directory_iterator;
      if (path.filename() == "outbox")
        in_outbox.push_back(static_cast<std::size_t>(std::distance(Names(path), Names())));
    }
    if (std::exchange(next_fails, false)) {
      errno = EIO;
      return -1;
    }
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace sluice::adapters::spool {
namespace {

using ports::OutputKind;
using ::testing::Contains;
using ::testing::IsSupersetOf;

/// What a power cut takes back is what was not synced: each step must leave its file and the folders of its names so.
class SpoolSync : public SpoolTest {
 protected:
  template <class Work>
  std::vector<std::string> synced_by(Work work) {
    std::vector<std::string> paths;
    {
      const std::lock_guard lock(synced_mutex);
      synced = &paths;
      in_outbox.clear();
    }
    work();
    const std::lock_guard lock(synced_mutex);
    synced = nullptr;
    return paths;
  }
  std::string folder(const char* name) const { return (root / name).string(); }
};

TEST_F(SpoolSync, AClaimIsDurableInBothFolders) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  EXPECT_THAT(synced_by([&] { value(file->take(kJob)); }), IsSupersetOf({folder("inbox"), folder("state")}));
}

TEST_F(SpoolSync, FinishedOutputsAreDurableUnderTheirNamesOnceTheSummaryIsFinished) {
  open();
  const auto output = value(spool->create(kJob, OutputKind::results));
  value(output->append("x"));
  EXPECT_THAT(synced_by([&] { value(output->finish()); }), Contains(state("20240118-7.results.tmp").string()));
  const auto summary = value(spool->create(kJob, OutputKind::summary));
  value(summary->append("x"));
  EXPECT_THAT(synced_by([&] { value(summary->finish()); }),
              IsSupersetOf({state("20240118-7.summary.tmp").string(), folder("state")}));
}

TEST_F(SpoolSync, AnOutputThatCouldNotBeSyncedOnceIsNeverTakenForDurable) {
  open();
  const auto output = value(spool->create(kJob, OutputKind::results));
  value(output->append("x"));
  {
    const std::lock_guard lock(synced_mutex);
    next_fails = true;
  }
  EXPECT_EQ(kind(output->finish()), ErrorKind::io);
  EXPECT_EQ(kind(output->finish()), ErrorKind::io) << "a second fsync that succeeds says nothing of the bytes";
  EXPECT_THAT(words, ::testing::HasSubstr("it must be written anew"));
}

TEST_F(SpoolSync, WhatIsPublishedIsDurableInBothFolders) {
  open();
  value(value(spool->create(kJob, OutputKind::results))->finish());
  EXPECT_THAT(synced_by([&] { value(spool->publish(kJob, "a.csv")); }),
              IsSupersetOf({folder("outbox"), folder("state")}));
  EXPECT_THAT(synced_by([&] { value(spool->publish(kJob, "a.csv")); }),
              IsSupersetOf({folder("outbox"), folder("state")}))
      << "an earlier try may have been cut off after its rename";
}

TEST_F(SpoolSync, TheSummaryComesWhenAllElseIsDurable) {
  open();
  for (const auto kind : ports::kEveryOutput) value(value(spool->create(kJob, kind))->finish());
  synced_by([&] { value(spool->publish(kJob, "a.csv")); });
  EXPECT_THAT(in_outbox, ::testing::ElementsAre(3, 4));
}

TEST_F(SpoolSync, WhatIsArchivedOrRejectedIsDurableInBothFolders) {
  open();
  put_whole("a.csv");
  claim(kJob);
  EXPECT_THAT(synced_by([&] { value(spool->archive(kJob, "a.csv")); }),
              IsSupersetOf({folder("archive"), folder("state")}));
  put_whole("b.csv");
  claim({20240118, 8});
  EXPECT_THAT(synced_by([&] { value(spool->reject({20240118, 8}, "b.csv", "why")); }),
              IsSupersetOf({state("20240118-8.reason.tmp").string(), folder("rejected"), folder("state")}));
}

TEST_F(SpoolSync, TheNoteOfAJobsNumberIsDurable) {
  open();
  put_whole("a.csv");
  const auto file = candidate();
  EXPECT_THAT(synced_by([&] { value(file->take(kJob)); }), IsSupersetOf({root.string(), folder(kLastJob)}));
}

}  // namespace
}  // namespace sluice::adapters::spool
