#include "app/service_manager.hpp"

#include <gtest/gtest.h>

namespace sluice::app {
namespace {

pipeline::Status at_work() {
  pipeline::Status status;
  status.jobs = {{.id = {.day = 20240115, .n = 3}, .rows = 200, .unsettled = 50},
                 {.id = {.day = 20240115, .n = 4}, .rows = 10, .unsettled = 10}};
  return status;
}

TEST(StatusLine, SaysHowFarTheJobsAre) {
  EXPECT_EQ(status_line(pipeline::Status{}), "no job at work");
  EXPECT_EQ(status_line(at_work()), "2 jobs at work, 150 of 210 rows settled");
}

TEST(StatusLine, APauseComesFirstAndWhatIsHeldIsCounted) {
  auto status = at_work();
  status.pause = pipeline::Pause::authorization;
  status.pause_words = "put a new credential in its place\n`sluice resume` tries it";
  status.jobs[0].held = "held by alice";
  EXPECT_EQ(
      status_line(status),
      "PAUSED (authorization): put a new credential in its place `sluice resume` tries it; 2 jobs at work, 150 of "
      "210 rows settled; 1 held");
}

TEST(StatusLine, SaysWhatAPersonHasToSeeTo) {
  pipeline::Status status;
  status.in_doubt = {{.id = {.day = 20240115, .n = 1}, .orders = 3}};
  status.waiting = {"a.csv: still being written", "b.csv: it is a folder"};
  EXPECT_EQ(status_line(status), "no job at work; 1 with orders in doubt; 2 files not taken");
}

}  // namespace
}  // namespace sluice::app
