// docs/control-api.md and the code know the same routes; and what the page weighs.
#include "web/routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>

#include "web/assets.hpp"

namespace sluice::control::web {
namespace {

using testing::UnorderedElementsAreArray;

std::vector<std::string> of_the_code() {
  std::vector<std::string> lines;
  for (const auto& route : routes())
    lines.push_back(std::string(route.method) + " " + std::string(route.path) + " " + std::string(name(route.who)));
  return lines;
}

std::vector<std::string> of_the_page() {
  std::ifstream file(SLUICE_SOURCE_DIR "/docs/control-api.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::regex row(R"(\n\| ([A-Z]+) \| `([^`]+)` \| (\w+) \|)");
  std::vector<std::string> lines;
  for (std::sregex_iterator match(text.begin(), text.end(), row), end; match != end; ++match)
    lines.push_back((*match)[1].str() + " " + (*match)[2].str() + " " + (*match)[3].str());
  return lines;
}

TEST(ControlApi, ThePageListsTheRoutesThatThereAreAndWhoMayUseThem) {
  EXPECT_THAT(of_the_page(), UnorderedElementsAreArray(of_the_code()));
}

TEST(Assets, AllTogetherAreUnderAHundredKibibytes) {
  std::size_t bytes = 0;
  for (const auto& asset : embedded_assets()) bytes += asset.bytes.size();
  EXPECT_GT(bytes, 0);
  EXPECT_LT(bytes, 100U << 10);
}

TEST(Assets, AreFoundByTheirAddressAndNothingElseIs) {
  ASSERT_NE(asset_at("/"), nullptr);
  EXPECT_EQ(asset_at("/sign-in"), asset_at("/"));
  EXPECT_FALSE(asset_at("/")->lasts);
  for (const auto* path : {"", "/..", "/../web.cpp", "//index.html", "/nowhere.js", "/app.js", "/@VERSION@/app.js"})
    EXPECT_EQ(asset_at(path), nullptr) << path;
  EXPECT_EQ(content_type("app.js"), "text/javascript; charset=utf-8");
}

TEST(Assets, EveryFileThatThePageNamesIsThereAndLasts) {
  const std::string page(asset_at("/")->bytes);
  const std::regex address(R"re((?:href|src)="(/[^"]+)")re");
  std::size_t files = 0;
  for (std::sregex_iterator match(page.begin(), page.end(), address), end; match != end; ++match, ++files) {
    const auto* asset = asset_at((*match)[1].str());
    ASSERT_NE(asset, nullptr) << (*match)[1];
    EXPECT_TRUE(asset->lasts);
  }
  EXPECT_EQ(files, embedded_assets().size()) << "each but the page itself, and the first of the modules twice";
}

}  // namespace
}  // namespace sluice::control::web
