#include "sluice/pipeline/operator_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::pipeline {
namespace {

using ports::JobState;
using testing::HasSubstr;
using namespace std::chrono_literals;

const Decider kAlice{.user = "alice", .at = kNoon};

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
      const auto said = change_header(what, header, "https://api/", kAlice);
      ASSERT_FALSE(said);
      EXPECT_EQ(said.error().kind, ErrorKind::usage);
      EXPECT_THAT(said.error().words, HasSubstr(row.words));
      EXPECT_EQ(header.hold, ports::Hold::none);
      EXPECT_EQ(header.ruling, ports::Ruling::none);
    }
  }
}

TEST(OperatorCommand, ShowSaysOfDoubtsWhatToDoUntilTheyAreResolvedOrTooOld) {
  EXPECT_EQ(doubts_words(job(JobState::done), "", kNoon), "") << "none";
  EXPECT_EQ(doubts_words(job(JobState::sending, 2), "", kNoon), "") << "can't be resolved yet";
  const auto header = job(JobState::done, 2);
  EXPECT_THAT(doubts_words(header, "", kNoon), HasSubstr("each row of outbox/orders.20240115-3.in-doubt.csv, then "
                                                         "`sluice resolve 20240115-3 --applied`"));
  EXPECT_EQ(doubts_words(header, "resolved as applied by alice", kNoon), "resolved as applied by alice");
  EXPECT_THAT(doubts_words(header, "", kNoon), HasSubstr("or of the job that a row's message names"))
      << "an order that another job left in doubt is resolved there";
  EXPECT_THAT(doubts_words(header, "", kNoon + ports::kDoubtsKept), HasSubstr("too old"));
}

TEST(OperatorCommand, OrdersInDoubtAreLookedUpOnceEachHasAnAnswer) {
  namespace words = text::words;
  const auto by_alice = [](std::string what) { return words::said_by(std::move(what), "by alice"); };
  EXPECT_FALSE(all_looked_up(""));
  EXPECT_TRUE(all_looked_up("resolved as applied by alice")) << "as a version of one language noted it";
  EXPECT_TRUE(all_looked_up(by_alice(words::resolved_as_applied())));
  EXPECT_TRUE(all_looked_up(by_alice(words::resolved_as_not_applied())));
  EXPECT_TRUE(all_looked_up(by_alice(words::resolved_partly(std::uint64_t{2}, std::uint64_t{3}))));
  EXPECT_FALSE(all_looked_up(
      by_alice(words::resolved_partly(std::uint64_t{2}, std::uint64_t{3}) + words::not_looked_up(std::uint64_t{1}))));
}

TEST(OperatorCommand, WhatIsHeldSaysByWhom) {
  auto header = job(JobState::sending);
  ASSERT_TRUE(change_header(Command::hold, header, "https://api/", kAlice));
  EXPECT_THAT(text::in(text::Lang::en, header.hold_words), HasSubstr("held by alice at 2024-01-15 04:00:00 UTC"));
  EXPECT_EQ(text::in(text::Lang::en, decided_note(Command::cancel, header.id, kAlice).value),
            "cancelled by alice at 2024-01-15 04:00:00 UTC");
}

TEST(OperatorCommand, ASecondPauseLeavesTheFirstOnesName) {
  const auto note = note_of(kAlice);
  const auto again = pause(note, {.user = "bob", .at = kNoon + 1h});
  EXPECT_THAT(again.words, HasSubstr("paused already"));
  EXPECT_EQ(std::get<ports::PutNote>(again.changes[0]).value, note);
}

TEST(OperatorCommand, ResumeSaysWhatItEnded) {
  EXPECT_EQ(text::in(text::Lang::en, resume("by alice", "").words), "resumed");
  EXPECT_THAT(text::in(text::Lang::en, resume("", "HTTP 404").words),
              HasSubstr("tried again now; what had paused it: HTTP 404"));
  EXPECT_THAT(resume("", "").words, HasSubstr("nothing was paused"));
}

}  // namespace
}  // namespace sluice::pipeline
