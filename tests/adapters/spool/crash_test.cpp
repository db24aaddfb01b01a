#include <gmock/gmock.h>
#include <sys/wait.h>

#include <cstdlib>

#include "adapters/spool/fixture.hpp"

namespace sluice::adapters::spool {
namespace {

using ports::OutputKind;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kWhere = "SLUICE_SPOOL_CRASH_AT";
constexpr JobId kRejected{20240118, 8};

struct Crash {
  const char* at;
  const char* name;
};

class SpoolCrash : public SpoolTest, public ::testing::WithParamInterface<Crash> {
 public:
  /// What the child does, until the failpoint kills it: one job from claim to archive, one rejected.
  void work_two_jobs() {
    root = std::getenv(kWhere);
    settings.ready_suffix = ".ok";
    settings.hard_links = config::HardLinks::copy;
    open();
    clock.jump_wall(1h);
    JobId job = kJob;
    for (const auto& entry : scan()) {
      value(value(spool->open(entry))->take(job));
      job = kRejected;
    }
    publish_results();
    finish();
  }

  void publish_results() {
    const auto output = value(spool->create(kJob, OutputKind::results));
    value(output->append("results"));
    value(output->finish());
    value(spool->publish(kJob, "a.csv"));
  }
  void finish() {
    value(spool->archive(kJob, "a.csv"));
    value(spool->reject(kRejected, "b.csv", "reason"));
  }

  /// Runs this very test in a process of its own.
  void crash(const std::string& at) {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    const auto filter = std::string("--gtest_filter=") + test->test_suite_name() + "." + test->name();
    const pid_t child = ::fork();
    if (child == 0) {
      ::setenv("SLUICE_FAILPOINT", at.c_str(), 1);
      ::setenv(kWhere, root.c_str(), 1);
      ::setenv("TMPDIR", base.c_str(), 1);  // its own folder goes with ours
      ::execl("/proc/self/exe", "crash", filter.c_str(), "--gtest_brief=1", static_cast<char*>(nullptr));
      ::_exit(127);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "never came by " << at;
  }
};

TEST_P(SpoolCrash, NothingIsLostDoubledOrHalfAndTheWorkCanGoOn) {
  if (std::getenv(kWhere) != nullptr) return work_two_jobs();
  settings.ready_suffix = ".ok";
  settings.hard_links = config::HardLinks::copy;
  open();
  put(base / "kept", "one");
  std::filesystem::create_hard_link(base / "kept", inbox("a.csv"));
  put_whole("b.csv", "two");
  for (const auto* marker : {"a.csv.ok", "b.csv.ok"}) put(inbox(marker), "");
  clock.jump_wall(1h);
  const auto entries = scan();
  ASSERT_EQ(entries.size(), 2U);
  ASSERT_EQ(entries[0].name, "a.csv");
  spool.reset();

  crash(GetParam().at);

  open();
  // What the pipeline does after a crash: asks whether the claims came through, and does the rest again.
  JobId job = kJob;
  for (const auto& entry : entries) {
    const auto there = value(spool->claim_completed(job, entry.name, entry.identity));
    if (std::filesystem::exists(inbox(entry.name))) {
      EXPECT_FALSE(there) << "it is in two places";
      EXPECT_TRUE(std::filesystem::exists(inbox(entry.name + ".ok")));
      value(value(spool->open(entry))->take(job));
    }
    job = kRejected;
  }
  if (!std::filesystem::exists(outbox("a.20240118-7.results.csv"))) publish_results();
  finish();

  EXPECT_THAT(names_in(inbox()), IsEmpty());
  EXPECT_EQ(bytes_of(outbox("a.20240118-7.results.csv")), "results");
  EXPECT_EQ(bytes_of(root / "archive" / "a.20240118-7.csv"), "one");
  EXPECT_EQ(bytes_of(root / "rejected" / "b.20240118-8.csv"), "two");
  EXPECT_EQ(bytes_of(root / "rejected" / "b.20240118-8.reason.txt"), "reason");
  EXPECT_THAT(value(spool->remains()), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    At, SpoolCrash,
    ::testing::Values(Crash{"spool.before_claim", "BeforeClaim"}, Crash{"spool.after_claim_copy", "AfterClaimCopy"},
                      Crash{"spool.before_original_removed", "BeforeOriginalRemoved"},
                      Crash{"spool.before_marker_removed", "BeforeMarkerRemoved"},
                      Crash{"spool.before_claim:2", "BeforeSecondClaim"},
                      Crash{"spool.after_claim_rename", "AfterClaimRename"},
                      Crash{"spool.before_publish", "BeforePublish"}, Crash{"spool.after_publish", "AfterPublish"},
                      Crash{"spool.before_archive", "BeforeArchive"}, Crash{"spool.after_archive", "AfterArchive"},
                      Crash{"spool.before_reason", "BeforeReason"}, Crash{"spool.after_reason", "AfterReason"},
                      Crash{"spool.after_reject", "AfterReject"}),
    [](const auto& tested) { return tested.param.name; });

}  // namespace
}  // namespace sluice::adapters::spool
