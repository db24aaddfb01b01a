#include "spool/sync_rounds.hpp"

#include <gmock/gmock.h>

#include <boost/asio/post.hpp>

#include <future>

#include "adapters/spool/fixture.hpp"
#include "spool/offload.hpp"

namespace sluice::adapters::spool {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SpoolSyncRounds : public SpoolTest {
 protected:
  static Unsynced changed(SyncOrder order, const std::filesystem::path& path) {
    return {order, std::make_shared<const posix::Fd>(::open(path.c_str(), O_RDONLY | O_CLOEXEC)), path.string()};
  }
  /// All of them ask before any of them is answered.
  std::vector<Result<void>> sync_together(const std::vector<std::vector<Unsynced>>& all) {
    std::vector<Result<void>> results(all.size());
    // Neither file thread comes to the round before all wait for it.
    std::promise<void> all_wait;
    const auto go = all_wait.get_future().share();
    for (int thread = 0; thread < 2; ++thread) offload.post([go] { go.wait(); });
    for (std::size_t i = 0; i < all.size(); ++i) {
      boost::asio::co_spawn(io, rounds.sync(all[i]),
                            [&results, i](const std::exception_ptr&, Result<void> result) { results[i] = result; });
    }
    boost::asio::post(io, [&all_wait] { all_wait.set_value(); });
    io.restart();
    io.run();
    return results;
  }

  Offload offload;
  SyncRounds rounds{offload};
};

TEST_F(SpoolSyncRounds, WhoeverWaitsTogetherSharesOneFsyncOfEachFolder) {
  const std::vector both{changed(SyncOrder::state, base), changed(SyncOrder::inbox, base.parent_path())};
  for (const auto& result : sync_together(std::vector(20, both))) EXPECT_TRUE(result);
  EXPECT_EQ(rounds.fsyncs(), 2U);
  for (const auto& result : sync_together(std::vector(20, both))) EXPECT_TRUE(result);
  EXPECT_EQ(rounds.fsyncs(), 4U);
}

TEST_F(SpoolSyncRounds, WhatCouldNotBeSyncedIsSaidToWhoeverNeedsItAndNothingBehindItIsSynced) {
  Unsynced broken{SyncOrder::archive, std::make_shared<const posix::Fd>(-1), "archive"};
  const auto results = sync_together({{changed(SyncOrder::outbox, base.parent_path())},
                                      {broken, changed(SyncOrder::state, base)},
                                      {changed(SyncOrder::state, base)}});
  EXPECT_TRUE(results[0]);
  for (const auto at : {1U, 2U}) {
    ASSERT_FALSE(results[at]);
    EXPECT_THAT(results[at].error().words, AllOf(HasSubstr("sync the folder"), HasSubstr("archive")));
  }
}

}  // namespace
}  // namespace sluice::adapters::spool
