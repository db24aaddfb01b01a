#pragma once

#include <gtest/gtest.h>

#include <cstdint>

#include "sluice/ports/gate_store.hpp"

namespace sluice {

/// What every ports::GateStore must do, whatever is behind it:
///
///   INSTANTIATE_TYPED_TEST_SUITE_P(InMemory, GateContract, MemoryGateMaker);
///
/// where the maker is default-constructed for each test with a gate that anybody may open a slot at, and has
///   ports::GateStore& store();
///   Boottime now();
template <class Maker>
class GateContract : public testing::Test {
 protected:
  pacing::GateState state() {
    pacing::GateState seen;
    EXPECT_TRUE(store().update([&](pacing::GateState& state, std::uint32_t) { seen = state; }));
    return seen;
  }
  pacing::Take take() {
    pacing::Take taken;
    EXPECT_TRUE(store().update([&](pacing::GateState& state, std::uint32_t participant) {
      taken = pacing::take(state, maker_.now(), 1, participant);
    }));
    return taken;
  }
  ports::GateStore& store() { return maker_.store(); }
  Boottime now() { return maker_.now(); }
  static std::uint32_t open_slots(const pacing::GateState& state) {
    std::uint32_t slots = 0;
    for (const auto& group : state.groups) {
      for (const auto open : group.open) slots += open;
    }
    return slots;
  }

 private:
  Maker maker_;
};

TYPED_TEST_SUITE_P(GateContract);

TYPED_TEST_P(GateContract, WhatAChangeLeavesIsWhatTheNextOneFinds) {
  ASSERT_TRUE(this->store().update([](pacing::GateState& state, std::uint32_t) { state.widening = 2.0; }));
  const auto before = this->state();
  EXPECT_EQ(before.widening, 2.0);
  EXPECT_EQ(this->state(), before) << "looking changes nothing";
}

TYPED_TEST_P(GateContract, AChangeIsMadeOnceAndBeforeUpdateReturns) {
  int calls = 0;
  ASSERT_TRUE(this->store().update([&](pacing::GateState&, std::uint32_t) { ++calls; }));
  EXPECT_EQ(calls, 1);
}

TYPED_TEST_P(GateContract, AParticipantKeepsItsNumber) {
  std::uint32_t first = 0;
  std::uint32_t second = 0;
  ASSERT_TRUE(this->store().update([&](pacing::GateState&, std::uint32_t participant) { first = participant; }));
  ASSERT_TRUE(this->store().update([&](pacing::GateState&, std::uint32_t participant) { second = participant; }));
  EXPECT_EQ(first, second);
  EXPECT_LT(first, pacing::kMaxParticipants);
}

TYPED_TEST_P(GateContract, ASlotStaysOpenUntilItIsSettled) {
  const auto taken = this->take();
  ASSERT_EQ(taken.slots, 1);
  EXPECT_EQ(this->open_slots(this->state()), 1);
  EXPECT_EQ(this->take().slots, 0) << "the next one is a gap away";
  ASSERT_TRUE(this->store().update(
      [&](pacing::GateState& state, std::uint32_t) { pacing::settle(state, taken.slot, this->now()); }));
  EXPECT_EQ(this->open_slots(this->state()), 0);
}

REGISTER_TYPED_TEST_SUITE_P(GateContract, WhatAChangeLeavesIsWhatTheNextOneFinds,
                            AChangeIsMadeOnceAndBeforeUpdateReturns, AParticipantKeepsItsNumber,
                            ASlotStaysOpenUntilItIsSettled);

}  // namespace sluice
