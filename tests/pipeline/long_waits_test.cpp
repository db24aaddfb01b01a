#include "pipeline/long_waits.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::pipeline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr Boottime kStart{1h};

TEST(LongWaits, EachIsToldOnceItHasWaitedLongEnough) {
  LongWaits waits(15s);
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}}, kStart), IsEmpty());
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}, {"b", "it is a folder"}}, kStart + 10s), IsEmpty());
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}, {"b", "it is a folder"}}, kStart + 15s), ElementsAre("a"));
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}, {"b", "it is a folder"}}, kStart + 25s), ElementsAre("b"));
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}, {"b", "it is a folder"}}, kStart + 24h), IsEmpty());
}

TEST(LongWaits, AnotherReasonIsAnotherWait) {
  LongWaits waits(15s);
  waits.look({{"a", "it is empty"}}, kStart);
  EXPECT_THAT(waits.look({{"a", "it is still being written"}}, kStart + 15s), IsEmpty());
  EXPECT_THAT(waits.look({{"a", "it is still being written"}}, kStart + 30s), ElementsAre("a"));
}

TEST(LongWaits, WhatWasGoneAndCameBackBeginsAnew) {
  LongWaits waits(15s);
  waits.look({{"a", "it is a FIFO"}}, kStart);
  waits.look({}, kStart + 10s);
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}}, kStart + 20s), IsEmpty());
  EXPECT_THAT(waits.look({{"a", "it is a FIFO"}}, kStart + 35s), ElementsAre("a"));
}

}  // namespace
}  // namespace sluice::pipeline
