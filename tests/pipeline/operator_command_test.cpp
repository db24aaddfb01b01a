#include "sluice/pipeline/operator_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"

namespace sluice::pipeline {
namespace {

using ports::JobState;
using testing::HasSubstr;
using namespace std::chrono_literals;

ports::JobHeader job(JobState state, std::uint64_t in_doubt = 0) {
  ports::JobHeader header;
  header.id = {.day = 20240115, .n = 3};
  header.name = "orders.csv";
  header.state = state;
  header.counts[records::Outcome::in_doubt] = in_doubt;
  header.finished_at = kNoon;
  return header;
}

TEST(OperatorCommand, WhatIsOverCannotBeChangedAndTheWordsSayWhereItIs) {
  struct Row {
    JobState state;
    const char* words;
  };
  for (const auto& row :
       {Row{JobState::done, "its results are in the outbox"}, Row{JobState::rejecting, "are in rejected/"},
        Row{JobState::rejected, "are in rejected/"}, Row{JobState::dropped, "its file was not taken"}}) {
    for (const auto what : {Command::hold, Command::release, Command::cancel}) {
      auto header = job(row.state);
      const auto said = change_header(what, header, "https://api/");
      ASSERT_FALSE(said);
      EXPECT_EQ(said.error().kind, ErrorKind::usage);
      EXPECT_THAT(said.error().words, HasSubstr(row.words));
      EXPECT_EQ(header.hold, ports::Hold::none);
      EXPECT_FALSE(header.released || header.cancelled);
    }
  }
}

TEST(OperatorCommand, ShowSaysOfDoubtsWhatToDoUntilTheyAreResolvedOrTooOld) {
  EXPECT_EQ(doubts_words(job(JobState::done), "", kNoon), "") << "none";
  EXPECT_EQ(doubts_words(job(JobState::sending, 2), "", kNoon), "") << "can't be resolved yet";
  const auto header = job(JobState::done, 2);
  EXPECT_THAT(doubts_words(header, "", kNoon), HasSubstr("each row of outbox/orders.20240115-3.in-doubt.csv, then "
                                                         "`sluice resolve 20240115-3 --applied`"));
  EXPECT_THAT(doubts_words(header, resolved_note(true, kNoon), kNoon), HasSubstr("resolved as applied at 2024-01-15"));
  EXPECT_THAT(doubts_words(header, "", kNoon + ports::kDoubtsKept), HasSubstr("too old"));
}

TEST(OperatorCommand, ResumeSaysWhatItEnded) {
  EXPECT_EQ(resumed_words(true, ""), "resumed");
  EXPECT_THAT(resumed_words(false, "HTTP 404"), HasSubstr("tried again now; what had paused it: HTTP 404"));
  EXPECT_THAT(resumed_words(false, ""), HasSubstr("nothing was paused"));
}

}  // namespace
}  // namespace sluice::pipeline
