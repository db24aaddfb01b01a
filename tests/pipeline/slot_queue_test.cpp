#include "pipeline/slot_queue.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "slot_queue_fixture.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;

constexpr auto kGap = 101ms;

TEST_F(SlotQueueTest, FirstComeFirstServedAGapApart) {
  for (int who = 1; who <= 5; ++who) want(who);
  clock.pass(10s);
  EXPECT_EQ(order(), (std::vector{1, 2, 3, 4, 5}));
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_EQ(got[i].taken.turn, SlotQueue::Turn::granted);
    EXPECT_EQ(got[i].at - got[0].at, i * kGap);
    EXPECT_EQ(got[i].taken.start, got[i].at) << "nothing stands between the slot and the first byte";
  }
}

TEST_F(SlotQueueTest, TheGateIsOpenedForASlotThatCanBeDueAndForNoOther) {
  slot();
  want(1);
  clock.settle();
  const auto asked = store.asked;
  want(2);
  clock.pass(kGap - 1ms);
  EXPECT_EQ(store.asked, asked);
  clock.pass(1ms);
  EXPECT_EQ(order(), (std::vector{0, 1, 2}));
}

TEST_F(SlotQueueTest, AStaleConnectionIsSaidSoAtItsTurnAndTakesNoSlot) {
  bool second_lives = true;
  want(1);
  want(2, [&] { return second_lives; });
  want(3);
  clock.settle();
  second_lives = false;
  clock.pass(10s);
  ASSERT_EQ(order(), (std::vector{1, 2, 3}));
  EXPECT_EQ(got[1].taken.turn, SlotQueue::Turn::stale);
  EXPECT_EQ(got[2].taken.turn, SlotQueue::Turn::granted);
  EXPECT_EQ(got[2].at - got[0].at, kGap) << "the stale one's turn is the next one's";
  EXPECT_EQ(store.open(), 2);
}

TEST_F(SlotQueueTest, ThoseTurnedAwayGetNothingAndThoseWhoComeLaterDo) {
  for (int who = 1; who <= 3; ++who) want(who);
  clock.settle();
  slots.turn_away();
  want(4);
  clock.pass(1s);
  EXPECT_EQ(order(), (std::vector{1, 2, 3, 4}));
  EXPECT_EQ(got[1].taken.turn, SlotQueue::Turn::turned_away);
  EXPECT_EQ(got[2].taken.turn, SlotQueue::Turn::turned_away);
  EXPECT_EQ(got[3].taken.turn, SlotQueue::Turn::granted);
  EXPECT_EQ(store.open(), 2);
}

TEST_F(SlotQueueTest, AnAnswerIsTheAnchorUnlessWrittenLongBefore) {
  const auto early = slot();
  slots.written(early);
  clock.pass(40ms);
  slots.answered(early);
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), clock.now());

  const auto late = slot();
  slots.written(late);
  const auto written = clock.now();
  clock.pass(400ms);
  slots.answered(late);
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), written + 250ms);
}

TEST_F(SlotQueueTest, AnAcknowledgementIsTheAnchorAMarginLaterUnlessTheAnswerComesFirst) {
  const auto slow = slot();
  slots.written(slow);
  clock.pass(10ms);
  const auto acknowledged = clock.now() - 4ms;
  slots.acknowledged(slow, 4ms);
  EXPECT_EQ(slots.tend(), acknowledged + 20ms);
  clock.pass(400ms);
  slots.tend();
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), acknowledged + 20ms);
  slots.answered(slow);
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), acknowledged + 20ms);

  const auto fast = slot();
  slots.written(fast);
  slots.acknowledged(fast, 0s);
  clock.pass(5ms);
  slots.answered(fast);
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), clock.now());
}

TEST_F(SlotQueueTest, NoAcknowledgementIsOlderThanTheWriting) {
  const auto ticket = slot();
  slots.written(ticket);
  const auto written = clock.now();
  clock.pass(2ms);
  slots.acknowledged(ticket, 10ms);
  EXPECT_EQ(slots.tend(), written + 20ms);
}

TEST_F(SlotQueueTest, AnAcknowledgementThatComesLateChangesNothing) {
  const auto ticket = slot();
  slots.written(ticket);
  const auto written = clock.now();
  clock.pass(300ms);
  slots.tend();
  slots.acknowledged(ticket, 0s);
  slots.flush();
  EXPECT_EQ(store.open(), 0);
  EXPECT_EQ(store.newest_anchor(), written + 250ms);
}

TEST_F(SlotQueueTest, AfterAThrottledAnswerAnAcknowledgementProvesNothingForAWhile) {
  slot();
  slots.throttled(got[0].taken.start, {}, 5min);
  const auto ticket = slot();
  ASSERT_EQ(got.back().taken.turn, SlotQueue::Turn::granted);
  slots.written(ticket);
  slots.acknowledged(ticket, 0s);
  EXPECT_EQ(slots.tend(), clock.now() + 250ms);
}

TEST_F(SlotQueueTest, WhatIsWrittenAndNotAnsweredAnchorsByItself) {
  slots.written(slot());
  const auto written = clock.now();
  EXPECT_EQ(slots.tend(), written + 250ms);
  clock.pass(249ms);
  slots.tend();
  EXPECT_EQ(store.open(), 1);
  clock.pass(1ms);
  slots.tend();
  slots.flush();
  EXPECT_EQ(slots.tend(), Boottime::max());
  EXPECT_EQ(store.open(), 0);
  EXPECT_EQ(store.newest_anchor(), written + 250ms);
}

TEST_F(SlotQueueTest, WhatBrokeMayArriveForAWhileYet) {
  const auto ticket = slot();
  slots.written(ticket);
  clock.pass(100ms);
  slots.broken(ticket);
  slots.flush();
  EXPECT_EQ(store.newest_anchor(), clock.now() + 250ms);
}

TEST_F(SlotQueueTest, TheEleventhWaitsForTheFirstOnesAnchorAndAWindow) {
  for (int who = 1; who <= 11; ++who) want(who);
  clock.pass(5s);
  ASSERT_EQ(got.size(), 10);
  for (const auto& g : got) slots.written(g.taken.ticket);
  slots.answered(got[0].taken.ticket);
  const auto anchor = clock.now();
  clock.pass(5s);
  ASSERT_EQ(got.size(), 11);
  EXPECT_EQ(got[10].at, anchor + 1002ms);
}

TEST_F(SlotQueueTest, TheGateIsNotOpenedBeforeTheWindowOfTheSlotTenBeforeIsOver) {
  for (int i = 0; i < 10; ++i) {
    want(0);
    clock.pass(kGap);
    slots.answered(got.back().taken.ticket);
  }
  const auto asked = store.asked;
  want(1);
  clock.pass(1s);
  ASSERT_EQ(got.size(), 11);
  EXPECT_EQ(got[10].at, got[0].at + kGap + 1002ms);
  EXPECT_EQ(store.asked, asked + 1) << "the gap alone was over before";
}

TEST_F(SlotQueueTest, ThrottledClosesAndWidensOnceAnEpisode) {
  slot();
  slot();
  slots.throttled(got[0].taken.start, {}, 5min);
  slots.throttled(got[1].taken.start, {}, 5min);
  EXPECT_DOUBLE_EQ(slots.widening(), 1.1);
  want(1);
  const auto closed = clock.now() + 2s;
  clock.pass(10s);
  ASSERT_EQ(got.size(), 3);
  EXPECT_EQ(got[2].at, closed);
  clock.pass(20s);
  slots.clean(clock.now());
  EXPECT_LT(slots.widening(), 1.1);
}

TEST_F(SlotQueueTest, AClosureThatAsksForNoPauseIsLookedAtEverMoreRarelyUntilItEnds) {
  const auto poll = [this] {
    const auto taken = got.size();
    want(1);
    clock.pass(10min);
    EXPECT_EQ(got.size(), taken + 1);
    return got.back().taken.start;
  };
  std::vector<Nanos> pauses;
  for (int i = 0; i < 6; ++i) {
    const auto started = poll();
    if (i > 0) slots.throttled(started - 1ms, {}, 20s);  // in flight since before: counts for nothing
    slots.throttled(started, {}, 20s);
    slots.throttled(started, {}, 20s);
    pauses.push_back(slots.closed_until() - clock.now());
  }
  EXPECT_EQ(pauses, (std::vector<Nanos>{2s, 4s, 8s, 16s, 20s, 20s}));
  EXPECT_DOUBLE_EQ(slots.widening(), 1.1);
  slots.clean(poll());
  slots.throttled(poll(), {}, 20s);
  EXPECT_EQ(slots.closed_until() - clock.now(), 2s) << "another closure";
}

TEST_F(SlotQueueTest, ACleanAnswerAsksNothingOfTheStoreWhileTheSpacingIsNormal) {
  const auto before = store.asked;
  slots.clean(clock.now());
  EXPECT_EQ(store.asked, before);
}

TEST_F(SlotQueueTest, TheRecentRateIsThatOfTheLastTenSeconds) {
  for (int who = 1; who <= 5; ++who) want(who);
  clock.pass(900ms);
  EXPECT_DOUBLE_EQ(slots.recent_rate(), 5) << "just begun: as it looks so far";
  clock.pass(4s);
  EXPECT_DOUBLE_EQ(slots.recent_rate(), 1);
  clock.pass(10s);
  EXPECT_DOUBLE_EQ(slots.recent_rate(), 0);
}

struct Pace {
  pacing::Rate rate;
  Nanos sends_for;
  Nanos looks_every;
};

class GatePaces : public SlotQueueTest, public testing::WithParamInterface<Pace> {
 protected:
  /// One request after another, each answered at once.
  ports::Task<void> send_until(Boottime end) {
    while (clock.now() < end) {
      const auto taken = co_await slots.take([] { return true; });
      if (taken.turn != SlotQueue::Turn::granted) co_return;
      slots.answered(taken.ticket);
    }
  }
};

TEST_P(GatePaces, TheRecentRateIsNeverAboveTheLimitAndSoonNearIt) {
  const auto& pace = GetParam();
  const double limit = pace.rate.requests / std::chrono::duration<double>(pace.rate.per).count();
  store.state = pacing::fresh(pace.rate, "boot", clock.now(), false);
  const auto end = clock.now() + pace.sends_for;
  for (int i = 0; i < 3; ++i) clock.spawn(send_until(end));
  double highest = 0;
  while (clock.now() < end) {
    clock.pass(pace.looks_every);
    highest = std::max(highest, slots.recent_rate());
  }
  clock.pass(2 * pace.rate.per);  // the last of them have their slots too
  EXPECT_LE(highest, limit);
  EXPECT_GE(highest, 0.95 * limit);
}

INSTANTIATE_TEST_SUITE_P(Paces, GatePaces,
                         testing::Values(Pace{{.requests = 10, .per = 1s}, 15s, 7ms},
                                         Pace{{.requests = 2000, .per = 1s}, 3s, 333us},
                                         Pace{{.requests = 1, .per = 1s}, 30s, 50ms},
                                         Pace{{.requests = 3, .per = 60s}, 10min, 250ms}));

}  // namespace
}  // namespace sluice::pipeline
