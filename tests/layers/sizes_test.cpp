// One idea a file, and functions that can be seen at once.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "layers/functions.hpp"
#include "layers/sources.hpp"

namespace sluice::house {
namespace {

constexpr std::size_t kFileLines = 400;
constexpr std::size_t kFunctionLines = 40;
constexpr std::size_t kCoroutineLines = 60;

TEST(Sizes, NoFileIsLongerThan400Lines) {
  for (const auto& source : sources()) {
    EXPECT_LE(std::ranges::count(source.text, '\n'), kFileLines) << source.path;
  }
}

TEST(Sizes, NoFunctionIsLongerThan40LinesAndNoCoroutineLongerThan60) {
  std::size_t seen = 0;
  for (const auto& source : sources()) {
    for (const auto& function : functions_of(source.text)) {
      ++seen;
      EXPECT_LE(function.lines, function.coroutine ? kCoroutineLines : kFunctionLines)
          << source.path << ":" << function.line << ": " << function.name;
    }
  }
  EXPECT_GT(seen, 1'000U);
}

TEST(Functions, AreFoundInNamespacesAndClassesWithTheirLength) {
  const auto found = functions_of(R"(
namespace a {
struct B {
  int one() const { return 1; }
  std::vector<int> values_{1, 2, 3};
};

B::B(int x)
    : x_{x}, y_(x) {
  if (x) {
    do_it("}");
  }
}

Task<void> wait() {
  co_await something('{');  // }
}

constexpr int kTable[] = {
    1,
    2,
};
}  // namespace a
)");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].name, "one");
  EXPECT_EQ(found[1].name, "B::B");
  EXPECT_EQ(found[1].lines, 4U);
  EXPECT_EQ(found[2].lines, 2U);
  EXPECT_TRUE(found[2].coroutine);
  EXPECT_FALSE(found[1].coroutine);
}

}  // namespace
}  // namespace sluice::house
