#include "sluice/pipeline/operator_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"

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

TEST(OperatorCommand, HowFarOrdersInDoubtWereLookedUpIsNotedAsAValueWhateverTheWordsSay) {
  EXPECT_EQ(looked_up_part("", ""), LookedUpPart::none_or_some);
  EXPECT_EQ(looked_up_part("some", "resolved as applied"), LookedUpPart::none_or_some);
  EXPECT_EQ(looked_up_part("all", "2 applied, 3 not"), LookedUpPart::all);
  EXPECT_EQ(looked_up_part("all_alike", "other words"), LookedUpPart::all_alike);
  EXPECT_EQ(looked_up_part("of a later version", "resolved as applied"), LookedUpPart::none_or_some);
}

/// Byte for byte what versions before wrote into their ledgers.
TEST(OperatorCommand, WhatEarlierVersionsNotedInWordsAloneIsUnderstood) {
  struct Noted {
    const char* words;
    LookedUpPart part;
  };
  for (const auto& [words, part] : {
           Noted{"resolved as applied by alice at 2026-11-20T08:00:00.000Z", LookedUpPart::all_alike},
           Noted{"resolved as not applied by alice at 2026-11-20T08:00:00.000Z", LookedUpPart::all_alike},
           Noted{"resolved: 2 applied, 3 not applied by alice at 2026-11-20T08:00:00.000Z", LookedUpPart::all},
           Noted{"resolved: 2 applied, 3 not applied, 1 not looked up yet by alice at 2026-11-20T08:00:00.000Z",
                 LookedUpPart::none_or_some},
           Noted{"\x1cresolved as applied by alice at 2026-11-26 08:00:00 UTC\x1d全部核实为已生效，由 alice\x1e",
                 LookedUpPart::all_alike},
           Noted{"\x1cresolved: 2 applied, 3 not applied, 1 not looked up yet by alice\x1d另有 1 个尚未核实\x1e",
                 LookedUpPart::none_or_some},
       }) {
    EXPECT_EQ(looked_up_part("", words), part) << words;
  }
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
