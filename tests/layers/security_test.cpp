// Each promise of docs/security.md names a test, and each test it names is there.
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

/// Every test of the repository: Suite.Name of GoogleTest, and test_file.test_name of Python's unittest.
std::set<std::string> all_tests() {
  static const std::regex cpp(R"(\bTEST(?:_F|_P)?\((\w+),\s*(\w+)\))");
  static const std::regex python(R"(\n +def (test_\w+)\()");
  std::set<std::string> tests;
  for (const auto& file : files_under({"tests"}, {".cpp", ".hpp", ".py"})) {
    const std::string text = read(kRoot / file);
    for (std::sregex_iterator i(text.begin(), text.end(), cpp), end; i != end; ++i) {
      tests.insert((*i)[1].str() + "." + (*i)[2].str());
    }
    for (std::sregex_iterator i(text.begin(), text.end(), python), end; i != end; ++i) {
      tests.insert(file.stem().string() + "." + (*i)[1].str());
    }
  }
  return tests;
}

TEST(Security, EachPromiseNamesATestAndEachTestNamedExists) {
  static const std::regex named(R"(`((?:[A-Z]\w+\.[A-Z]\w+)|(?:test_\w+\.test_\w+))`)");
  const auto tests = all_tests();
  std::istringstream lines(read(kRoot / "docs/security.md"));
  bool promises = false;
  std::size_t seen = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) promises = line == "## What is promised";
    if (!promises || !line.starts_with("|") || line.starts_with("|---") || line.starts_with("| promise")) continue;
    std::size_t here = 0;
    for (std::sregex_iterator i(line.begin(), line.end(), named), end; i != end; ++i, ++here) {
      EXPECT_TRUE(tests.contains((*i)[1])) << "docs/security.md names " << (*i)[1] << ": there is no such test";
    }
    EXPECT_GT(here, 0U) << "a promise without a test: " << line;
    seen += here;
  }
  EXPECT_GT(seen, 20U);
}

}  // namespace
}  // namespace sluice::house
