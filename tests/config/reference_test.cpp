#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "config/loading.hpp"
#include "keys.hpp"

namespace sluice::config::testing {
namespace {

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

const std::string kFolder = SLUICE_SOURCE_DIR "/config/";

void expect_generated(const std::string& name, text::Lang lang) {
  const std::string fresh = SLUICE_BINARY_DIR "/" + name;
  const bool same = read_file(kFolder + name) == reference(lang);
  if (!same) std::ofstream(fresh, std::ios::binary) << reference(lang);
  EXPECT_TRUE(same) << "config/" << name << " is not what the table of keys says. Take the page just written:\n  cp "
                    << fresh << " " << kFolder << name;
}

TEST(Reference, IsTheGeneratedPageInBothLanguages) {
  expect_generated("REFERENCE.md", text::Lang::en);
  expect_generated("REFERENCE.zh-CN.md", text::Lang::zh);
}

TEST(Reference, HasARowForEveryKey) {
  const std::string page = reference(text::Lang::zh);
  for (const Shown& key : load(kLeast, "s.yaml").value().shown) {
    EXPECT_NE(page.find("| `" + key.key + "` |"), std::string::npos) << key.key;
  }
}

/// The example as it is once somebody put the API's host in.
std::string with_a_host(std::string yaml) {
  const std::string example = "user-center-domain";
  return yaml.replace(yaml.find(example), example.size(), "api.example.com");
}

class Example : public ::testing::TestWithParam<const char*> {
 protected:
  const std::string example_ = read_file(kFolder + GetParam());
};
INSTANTIATE_TEST_SUITE_P(InBothLanguages, Example, ::testing::Values("sluice.yaml", "sluice.zh-CN.yaml"));

TEST_P(Example, LoadsOnceItHasAHost) {
  const Result<Loaded> loaded = load(with_a_host(example_), "sluice.yaml");
  ASSERT_TRUE(loaded) << loaded.error().words;
  const Result<Loaded> untouched = load(example_, "sluice.yaml");
  ASSERT_FALSE(untouched);
  EXPECT_NE(text::in(text::Lang::en, untouched.error().words).find("upstream.base_url: expected your API's own host"),
            std::string::npos)
      << untouched.error().words;
}

/// With every comment that looks like a key uncommented, nothing changes: what the example shows are the defaults.
TEST_P(Example, ShowsTheDefaults) {
  std::istringstream lines(example_);
  std::string open, line;
  while (std::getline(lines, line)) {
    const std::size_t hash = line.find("# ");
    const bool indented = hash == 2;
    const std::string rest = hash == std::string::npos ? "" : line.substr(hash + 2);
    const std::string word = rest.substr(0, rest.find(':'));
    const bool key = !word.empty() && word.find_first_not_of(" abcdefghijklmnopqrstuvwxyz_") == std::string::npos &&
                     rest.size() > word.size() && word.find_last_of(' ') + 1 <= 2 && (hash == 0 || indented);
    open += key ? (indented ? "  " : "") + rest + "\n" : line + "\n";
  }
  const Result<Loaded> loaded = load(with_a_host(open), "sluice.yaml");
  ASSERT_TRUE(loaded) << loaded.error().words << "\n" << open;
  const Loaded defaults = load(kLeast, "s.yaml").value();
  for (std::size_t i = 0; i < loaded->shown.size(); ++i) {
    const Shown& shown = loaded->shown[i];
    EXPECT_NE(shown.source, "default") << shown.key << " is not in the example";
    if (shown.key == "upstream.base_url") continue;
    EXPECT_EQ(shown.value, defaults.shown[i].value) << shown.key;
  }
}

}  // namespace
}  // namespace sluice::config::testing
