#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "adapters/set_clock.hpp"
#include "adapters/temp_folder.hpp"
#include "sluice/adapters/gate/file.hpp"

namespace sluice::adapters::gate {

using namespace std::chrono_literals;
using pacing::GateState;
using pacing::Take;
using Store = std::unique_ptr<ports::GateStore>;

inline constexpr pacing::Rate kTen{10, 1s};

class GateFile : public testing::Test {
 protected:
  TempFolder folder_;
  SetClock clock_;
  std::string path_ = folder_ / "gate";

  Result<Store> open(pacing::Rate rate = kTen, mode_t mode = 0600) {
    return open_file({.path = path_, .rate = rate, .mode = mode}, clock_);
  }
  GateState state_of(ports::GateStore& store) {
    GateState seen;
    EXPECT_TRUE(store.update([&](GateState& state, std::uint32_t) { seen = state; }));
    return seen;
  }
  Take take(ports::GateStore& store) {
    Take taken;
    const auto change = [&](GateState& s, std::uint32_t me) { taken = pacing::take(s, clock_.time, 1, me); };
    EXPECT_TRUE(store.update(change));
    return taken;
  }
  static std::uint32_t open_slots(const GateState& state) {
    std::uint32_t open = 0;
    for (const auto& group : state.groups)
      for (const auto of_one : group.open) open += of_one;
    return open;
  }
  void overwrite(std::streamoff at, const std::string& bytes) {
    std::fstream file(path_, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(at);
    file << bytes;
  }
  std::string content() {
    std::ifstream file(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

}  // namespace sluice::adapters::gate
