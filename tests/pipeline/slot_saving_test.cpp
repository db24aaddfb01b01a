#include <gtest/gtest.h>

#include "slot_queue_fixture.hpp"

// When what becomes of slots is saved in the gate's store, and what of a store that doesn't take it.
namespace sluice::pipeline {
namespace {

TEST_F(SlotQueueTest, AnAnswerIsSavedWithTheSlotThatFollows) {
  const auto ticket = slot();
  slots.written(ticket);
  const auto asked = store.asked;
  slots.answered(ticket);
  const auto anchor = clock.now();
  EXPECT_EQ(store.asked, asked);
  EXPECT_EQ(store.open(), 1) << "until then it stands as it would after a crash";
  clock.pass(90ms);
  want(1);
  clock.settle();
  ASSERT_EQ(got.size(), 2);
  EXPECT_EQ(store.asked, asked + 1);
  EXPECT_EQ(store.open(), 1) << "the new one";
  EXPECT_EQ(store.newest_anchor(), anchor);
}

TEST_F(SlotQueueTest, AnAnswerThatNoSlotFollowsIsSavedSoon) {
  const auto ticket = slot();
  slots.written(ticket);
  slots.answered(ticket);
  EXPECT_EQ(slots.tend(), clock.now() + 100ms);
  clock.pass(100ms);
  EXPECT_EQ(slots.tend(), Boottime::max());
  EXPECT_EQ(store.open(), 0);
}

TEST_F(SlotQueueTest, AnAnswerIsSavedAtOnceWhereTheNextSlotIsFarOff) {
  store.state = pacing::fresh({.requests = 1, .per = 1s}, "boot", clock.now(), false);
  want(1);
  clock.settle();
  ASSERT_EQ(got.size(), 1);
  slots.written(got[0].taken.ticket);
  slots.answered(got[0].taken.ticket);
  EXPECT_EQ(store.open(), 0);
}

TEST_F(SlotQueueTest, ABusyStoreIsAskedAgainAMillisecondLater) {
  store.busy = 3;
  want(1);
  const auto began = clock.now();
  clock.pass(1s);
  ASSERT_EQ(got.size(), 1);
  EXPECT_EQ(got[0].at, began + 3ms);
  EXPECT_EQ(slots.trouble(), "");
}

TEST_F(SlotQueueTest, ABusyStoreLosesNeitherAnAnchorNorAThrottle) {
  const auto ticket = slot();
  const auto started = got[0].taken.start;
  store.busy = 2;
  slots.answered(ticket);
  slots.flush();
  slots.throttled(started, 30s, 5min);
  EXPECT_EQ(store.open(), 1);
  slots.tend();
  EXPECT_EQ(store.open(), 0);
  EXPECT_EQ(store.state.closed_until, clock.now() + 30s);
  EXPECT_EQ(slots.closed_until(), store.state.closed_until);
}

TEST_F(SlotQueueTest, AStoreThatFailsToWriteLosesNeitherAndStartsNothing) {
  const auto ticket = slot();
  store.broken = "no space";
  slots.throttled(got[0].taken.start, 30s, 5min);
  slots.answered(ticket);
  EXPECT_EQ(slots.trouble(), "no space");
  want(1);
  clock.pass(5s);
  EXPECT_EQ(got.size(), 1);
  store.broken.clear();
  clock.pass(1s);
  EXPECT_EQ(slots.trouble(), "");
  EXPECT_EQ(store.open(), 0);
  EXPECT_EQ(got.size(), 1) << "closed for 30 s";
  clock.pass(30s);
  EXPECT_EQ(got.size(), 2);
}

TEST_F(SlotQueueTest, AStoreThatWorksAgainIsFoundOutThoughNobodyWaits) {
  store.broken = "no space";
  want(1);
  clock.pass(1s);
  slots.turn_away();
  clock.settle();
  EXPECT_EQ(slots.tend(), clock.now() + 1s) << "a failing disk is not asked every millisecond";
  EXPECT_EQ(slots.trouble(), "no space");
  store.broken.clear();
  slots.tend();
  EXPECT_EQ(slots.trouble(), "");
}

TEST_F(SlotQueueTest, WhatIsSavedIsNotDoneAgain) {
  const auto ticket = slot();
  slots.written(ticket);
  slots.answered(ticket);
  slots.throttled(clock.now(), 10s, 5min);
  ASSERT_GT(store.state.closed_until, clock.now());
  store.state.closed_until = clock.now();  // another process, which may know better
  slot();
  EXPECT_LT(store.state.closed_until, clock.now());
}

}  // namespace
}  // namespace sluice::pipeline
