#include "app/finish_task.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace sluice::app {
namespace {

ports::Task<int> answer(int value) {
  co_return value;
}

TEST(FinishTask, ATaskEndsThoughTheOneBeforeLeftWorkThatAnotherThreadGivesBackLate) {
  boost::asio::io_context io{1};
  std::optional late = boost::asio::make_work_guard(io);
  EXPECT_EQ(finish(io, answer(1)), 1);
  std::thread([&] { late.reset(); }).join();
  ASSERT_TRUE(io.stopped()) << "its last work is gone";
  EXPECT_EQ(finish(io, answer(2)), 2);
}

}  // namespace
}  // namespace sluice::app
