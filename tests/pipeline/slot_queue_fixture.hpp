#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <utility>
#include <vector>

#include "fake_clock.hpp"
#include "memory_gate.hpp"
#include "pipeline/slot_queue.hpp"

namespace sluice::pipeline {

using namespace std::chrono_literals;

class SlotQueueTest : public testing::Test {
 protected:
  struct Got {
    int who = 0;
    SlotQueue::Taken taken;
    Boottime at{};
  };
  void want(int who, std::function<bool()> usable = [] { return true; }) { clock.spawn(wait(who, std::move(usable))); }
  ports::Task<void> wait(int who, std::function<bool()> usable) {
    const auto taken = co_await slots.take(std::move(usable));
    got.push_back({who, taken, clock.now()});
  }
  SlotQueue::Ticket slot() {
    want(0);
    clock.pass(1s);
    return got.back().taken.ticket;
  }
  void TearDown() override {
    slots.turn_away();
    clock.settle();
  }
  std::vector<int> order() const {
    std::vector<int> who;
    for (const auto& g : got) who.push_back(g.who);
    return who;
  }

  std::vector<Got> got;
  FakeClock clock;
  MemoryGate store{clock.now()};
  SlotQueue slots{clock, store};
};

}  // namespace sluice::pipeline
