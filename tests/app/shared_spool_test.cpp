#include "app/shared_spool.hpp"

#include <gmock/gmock.h>

#include <boost/asio/io_context.hpp>

#include "adapters/temp_folder.hpp"
#include "app/finish_task.hpp"
#include "sluice/adapters/spool/lock.hpp"

namespace sluice::app {
namespace {

using adapters::spool::Lock;
using ::testing::HasSubstr;

constexpr const char* kSecret = "of this spool: 32 bytes, no less";

/// Whoever waits finds it passed.
class PassingClock final : public ports::Clock {
 public:
  Boottime now() const override { return now_; }
  WallTime wall() const override { return {}; }
  std::uint64_t random() override { return 4; }
  std::unique_ptr<Timer> timer() override { return std::make_unique<Passing>(now_); }

 private:
  struct Passing final : Timer {
    explicit Passing(Boottime& now) : now(now) {}
    ports::Task<void> wait(Boottime until) override {
      now = std::max(now, until);
      co_return;
    }
    void wake() override {}
    Boottime& now;
  };
  Boottime now_{std::chrono::hours(1)};
};

/// One other host, alive for so many looks.
class OneOther final : public ports::NoOtherHosts {
 public:
  OneOther(ports::Clock& clock, ports::Host other, int looks)
      : NoOtherHosts(clock), other_(std::move(other)), looks_(looks) {}
  ports::Task<Result<std::vector<ports::Host>>> all() override {
    other_.alive = looks_-- > 0;
    co_return std::vector{ports::Host{.name = "here", .spool = other_.spool, .ours = true, .alive = true}, other_};
  }

 private:
  ports::Host other_;
  int looks_;
};

class SharedSpoolSeen : public ::testing::Test {
 protected:
  SharedSpoolSeen() {
    settings.spool = (folder.path() / "spool").string();
    settings.ledger.shared_spool = true;
  }
  Result<void> look(const std::string& spool, int looks = 1'000'000) {
    OneOther hosts(clock, {.name = "there", .spool = spool}, looks);
    return finish(io, see_the_others(hosts, clock, settings, name()));
  }
  std::string name() const { return spool_name(settings, kSecret); }

  adapters::TempFolder folder;
  config::Settings settings;
  PassingClock clock;
  boost::asio::io_context io{1};
};

TEST_F(SharedSpoolSeen, AHostWhoseLockIsHeldHereWorksThisFolder) {
  const auto there = Lock::take(settings.spool, "there");
  EXPECT_TRUE(look(name()));
}

TEST_F(SharedSpoolSeen, OneThatLeftNoLockHereWorksAnotherFolderOfThatPath) {
  const auto here = Lock::take(settings.spool, "here");
  const auto refused = look(name());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().words, HasSubstr("host there is at work on a shared spool " + settings.spool));
}

TEST_F(SharedSpoolSeen, SoDoesOneWhoseSpoolHasAnotherSecret) {
  const auto there = Lock::take(settings.spool, "there");
  const auto refused = look(spool_name(settings, "of another spool: 32 other bytes"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
}

TEST_F(SharedSpoolSeen, WhereItsLockIsNotSeenItsLeaseIsWaitedForAndNothingMore) {
  {
    const auto died = Lock::take(settings.spool, "there");
  }
  EXPECT_TRUE(look(name(), 20)) << "its lease was over";
  const auto refused = look(name());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::busy);
  EXPECT_THAT(refused.error().words, HasSubstr("nolock"));
}

TEST_F(SharedSpoolSeen, SpoolsOfTheirOwnAndOfOtherPathsAreNobodysBusiness) {
  EXPECT_TRUE(look(settings.spool));
  EXPECT_TRUE(look("/elsewhere (0123456789abcdef)"));
  settings.ledger.shared_spool = false;
  EXPECT_EQ(name(), settings.spool);
}

}  // namespace
}  // namespace sluice::app
