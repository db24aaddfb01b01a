#include <gtest/gtest.h>

#include <random>

#include "sluice/pacing/gate.hpp"

namespace sluice::pacing {
namespace {

using namespace std::chrono_literals;

const Boottime kStart{1000s};

GateState used() {
  GateState state = fresh({.requests = 256, .per = 1s}, "6f1a2c3e-0000-4000-8000-0123456789ab", kStart, true);
  Boottime now = kStart + 2s;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Take taken = take(state, now, 4, i % 3);
    if (i % 4 != 0 && taken.slots == 1) settle(state, taken.slot, now + 37ms);
    now = std::max(now, taken.slots > 0 ? state.next_start : taken.wait_until);
  }
  throttled(state, now, now, 2s);
  clean(state, now, now + 40s);
  return state;
}

TEST(GateBytes, ReadBackAsTheyWereWritten) {
  const GateState state = used();
  const std::string bytes = to_bytes(state);
  EXPECT_EQ(bytes.size(), kGateBytes);
  const std::optional<GateState> back = from_bytes(bytes);
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, state);
}

TEST(GateBytes, AreTheSameOnEveryMachine) {
  const std::string bytes = to_bytes(fresh({.requests = 10, .per = 1s}, "boot", Boottime{0x0102s}, false));
  EXPECT_EQ(bytes.substr(0, 24), std::string("LSGATE1\0\x01\0\0\0\x0a\0\0\0\0\xca\x9a\x3b\0\0\0\0", 24));
}

TEST(GateBytes, RefuseAnythingThatIsNotWhole) {
  const std::string bytes = to_bytes(used());
  EXPECT_FALSE(from_bytes(""));
  EXPECT_FALSE(from_bytes(std::string_view(bytes).substr(1)));
  EXPECT_FALSE(from_bytes(bytes + '\0'));
  EXPECT_FALSE(from_bytes(std::string(kGateBytes, '\0')));
  EXPECT_FALSE(from_bytes(bytes.substr(0, 4096) + std::string(4096, '\0')));
}

TEST(GateBytes, RefuseEverySingleBitThatChanged) {
  const std::string bytes = to_bytes(used());
  for (std::size_t at = 0; at < kGateBytes; ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    ASSERT_FALSE(from_bytes(damaged)) << "byte " << at;
  }
}

TEST(GateBytes, RefuseAStateThatCannotBe) {
  GateState state = used();
  state.groups[5].open[2] = static_cast<std::uint16_t>(state.groups[5].taken + 1);
  EXPECT_FALSE(from_bytes(to_bytes(state)));
  state = used();
  state.widening = 0.5;
  EXPECT_FALSE(from_bytes(to_bytes(state)));
  state = used();
  state.rate.requests = 0;
  EXPECT_FALSE(from_bytes(to_bytes(state)));
}

}  // namespace
}  // namespace sluice::pacing
