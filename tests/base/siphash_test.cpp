#include "sluice/base/siphash.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <utility>

namespace sluice {
namespace {

std::string counting(std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>(i);
  return bytes;
}

/// Of the authors' reference implementation (vectors.h): key 00 01 … 0f, input 00 01 02 …
TEST(SipHash, GivesWhatItsAuthorsPublished) {
  const SipKey key = sip_key(counting(16));
  EXPECT_EQ(siphash(counting(0), key), 0x726fdb47dd0e0e31ULL);
  EXPECT_EQ(siphash(counting(1), key), 0x74f839c593dc67fdULL);
  EXPECT_EQ(siphash(counting(7), key), 0xab0200f58b01d137ULL);
  EXPECT_EQ(siphash(counting(8), key), 0x93f5f5799a932462ULL);
  EXPECT_EQ(siphash(counting(15), key), 0xa129ca6149be45e5ULL);
  EXPECT_EQ(siphash(counting(63), key), 0x958a324ceb064572ULL);
}

TEST(SipHash, AnotherKeyGivesAnotherHash) {
  EXPECT_NE(siphash("dyQ", {.low = 1, .high = 2}), siphash("dyQ", {.low = 1, .high = 3}));
}

TEST(SipHash, WhatMeetsUnderOneKeyDoesNotUnderAnother) {
  const SipKey one{.low = 1, .high = 2};
  const SipKey other{.low = 1, .high = 3};
  std::map<std::uint64_t, std::string> by_half;
  std::pair<std::string, std::string> pair;
  for (int i = 0; pair.first.empty(); ++i) {
    const auto text = std::to_string(i);
    const auto [before, fresh] = by_half.try_emplace(siphash(text, one) >> 32, text);
    if (!fresh) pair = {before->second, text};
  }
  EXPECT_NE(siphash(pair.first, other) >> 32, siphash(pair.second, other) >> 32);
}

}  // namespace
}  // namespace sluice
