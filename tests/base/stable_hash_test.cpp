#include "sluice/base/stable_hash.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace sluice {
namespace {

TEST(StableHash, IsFnv1a) {
  // By its authors' test vectors.
  EXPECT_EQ(fnv(""), 0xcbf29ce484222325);
  EXPECT_EQ(fnv("foobar"), 0x85944171f73967e8);
}

TEST(StableHash, ByWordsIsTheSameOnEveryMachineAndVersion) {
  // Stored in the ledger: a change here would hold every job that is under way.
  EXPECT_EQ(fnv_words("seven.."), fnv("seven.."));
  EXPECT_EQ(fnv_words("0123456789"), 0x37f6d35d8270152b);
}

TEST(StableHash, ByWordsEachBitOfATextCounts) {
  const std::string text(29, 'a');
  std::set<std::uint64_t> hashes = {fnv_words(text)};
  for (std::size_t bit = 0; bit < 8 * text.size(); ++bit) {
    auto other = text;
    other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    hashes.insert(fnv_words(other));
  }
  EXPECT_EQ(hashes.size(), 8 * text.size() + 1);
}

}  // namespace
}  // namespace sluice
