#pragma once

#include <algorithm>
#include <functional>
#include <string>

#include "sluice/ports/gate_store.hpp"

namespace sluice::pipeline {

/// The gate's state in memory; refuses, busy or failing, as often as it is told.
class MemoryGate final : public ports::GateStore {
 public:
  explicit MemoryGate(Boottime now)
      : state(pacing::fresh({.requests = 10, .per = std::chrono::seconds(1)}, "boot", now, false)) {}

  Result<void> update(const std::function<void(pacing::GateState&, std::uint32_t)>& change) override {
    ++asked;
    if (busy > 0) {
      --busy;
      return fail(ErrorKind::busy, "locked");
    }
    auto changed = state;
    change(changed, 0);
    if (!broken.empty()) return fail(ErrorKind::io, broken);  // read, changed, and not written
    const auto before = open();
    state = changed;
    if (taken && open() > before) taken();
    return {};
  }

  std::uint32_t open() const {
    std::uint32_t slots = 0;
    for (const auto& group : state.groups) slots += group.open[0];
    return slots;
  }
  Boottime newest_anchor() const {
    Boottime newest{};
    for (const auto& group : state.groups) newest = std::max(newest, group.anchor);
    return newest;
  }

  pacing::GateState state;
  int busy = 0;
  int asked = 0;
  std::string broken;
  std::function<void()> taken;  ///< hears of each slot given out
};

}  // namespace sluice::pipeline
