#include "attempt_protocol.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace sluice::pipeline {
namespace {

using Steps = std::vector<Step>;

/// The steps that these events lead through.
Steps walk(AttemptProtocol& protocol, const std::vector<Event>& events) {
  Steps steps{protocol.step()};
  for (const auto event : events) steps.push_back(protocol.next(event));
  return steps;
}

constexpr auto kDone = Event::done;

TEST(AttemptProtocol, AnnouncesOnceConnectedTakesTheSlotLastAndSettlesAfterTheAnswer) {
  AttemptProtocol protocol;
  EXPECT_EQ(walk(protocol, {kDone, kDone, kDone, kDone, kDone, kDone, kDone, kDone, kDone, kDone}),
            (Steps{Step::fit, Step::read, Step::take_keys, Step::judge, Step::compare, Step::connect, Step::announce,
                   Step::take_slot, Step::post, Step::settle, Step::end}));
  EXPECT_EQ(protocol.fate(), Fate::left);
}

TEST(AttemptProtocol, WhatIsNotAnnouncedIsOnlyPutBack) {
  for (std::size_t steps = 0; steps < 7; ++steps) {  // up to and including an announcement that failed
    AttemptProtocol protocol;
    for (std::size_t i = 0; i < steps; ++i) protocol.next(kDone);
    const auto turns_back = protocol.step();
    EXPECT_EQ(walk(protocol, {Event::not_now, kDone}), (Steps{turns_back, Step::put_back, Step::end})) << steps;
    EXPECT_EQ(protocol.fate(), Fate::not_yet);
  }
}

TEST(AttemptProtocol, WhatIsAnnouncedAndGetsNoSlotIsWithdrawnBeforeItIsPutBack) {
  AttemptProtocol protocol;
  walk(protocol, std::vector(7, kDone));
  EXPECT_EQ(walk(protocol, {Event::not_now, kDone, kDone}),
            (Steps{Step::take_slot, Step::withdraw, Step::put_back, Step::end}));
  EXPECT_EQ(protocol.fate(), Fate::withdrawn);
}

TEST(AttemptProtocol, AStaleConnectionIsReplacedWithoutASecondAnnouncement) {
  AttemptProtocol protocol;
  walk(protocol, std::vector(7, kDone));
  EXPECT_EQ(walk(protocol, {Event::stale, kDone, kDone}),
            (Steps{Step::take_slot, Step::connect, Step::take_slot, Step::post}));
}

TEST(AttemptProtocol, WhereNoNewConnectionIsToBeHadTheAnnouncementIsWithdrawn) {
  AttemptProtocol protocol;
  walk(protocol, std::vector(7, kDone));
  EXPECT_EQ(walk(protocol, {Event::stale, Event::not_now, kDone}),
            (Steps{Step::take_slot, Step::connect, Step::withdraw, Step::put_back}));
}

TEST(AttemptProtocol, WhatNeverLeftIsWithdrawnAndNotSettled) {
  AttemptProtocol protocol;
  walk(protocol, std::vector(8, kDone));
  EXPECT_EQ(walk(protocol, {Event::never_left, kDone}), (Steps{Step::post, Step::withdraw, Step::put_back}));
  EXPECT_EQ(protocol.fate(), Fate::withdrawn);
}

TEST(AttemptProtocol, AWithdrawalThatCannotBeWrittenLeavesTheBatchToTheNextStart) {
  AttemptProtocol protocol;
  walk(protocol, std::vector(8, kDone));
  EXPECT_EQ(walk(protocol, {Event::never_left, Event::consumed}), (Steps{Step::post, Step::withdraw, Step::end}));
  EXPECT_EQ(protocol.fate(), Fate::consumed);
}

TEST(AttemptProtocol, WhatMayNotGoAgainEndsInDoubtUnsent) {
  AttemptProtocol protocol;
  EXPECT_EQ(walk(protocol, {kDone, Event::not_again, kDone}), (Steps{Step::fit, Step::read, Step::give_up, Step::end}));
  EXPECT_EQ(protocol.fate(), Fate::consumed);
}

TEST(AttemptProtocol, ABatchWhoseRowsAllFailTheSecondJudgmentIsConsumed) {
  AttemptProtocol protocol;
  EXPECT_EQ(walk(protocol, {kDone, kDone, kDone, Event::consumed}),
            (Steps{Step::fit, Step::read, Step::take_keys, Step::judge, Step::end}));
  EXPECT_EQ(protocol.fate(), Fate::consumed);
}

}  // namespace
}  // namespace sluice::pipeline
