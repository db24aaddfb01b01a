// Holds the folders of the adapters apart: each port has one, over posix, and none knows another. How a ledger packs
// its values is shared by both.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SLUICE_SOURCE_DIR;

void for_each_include(const auto& visit) {
  const std::regex include(R"re(^\s*#include "(?:sluice/adapters/)?(\w+)/(\w+)\.hpp".*)re");
  std::smatch match;
  for (const auto& top : {kRoot / "include/sluice/adapters", kRoot / "src/adapters"}) {
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) {
        if (std::regex_match(line, match, include)) visit(entry.path(), match[1].str(), match[2].str());
      }
    }
  }
}

std::string folder_of(const fs::path& path) {
  return path.parent_path().filename().string();
}

TEST(AdapterFolders, EachPortsFolderStandsOnPosixPackingAndQueueAloneAndTheseOnNone) {
  const std::set<std::string> folders = {"posix", "spool",      "ledger",  "upstream", "gate",
                                         "clock", "postgresql", "packing", "queue"};
  std::size_t seen = 0;
  for_each_include([&](const fs::path& path, const std::string& folder, const std::string& header) {
    const auto own = folder_of(path);
    EXPECT_TRUE(folders.contains(own)) << path << " is in no folder of the adapters";
    if (!folders.contains(folder)) return;
    ++seen;
    EXPECT_TRUE(folder == own || folder == "posix" || ((folder == "packing" || folder == "queue") && own != "posix"))
        << path << " includes " << folder << "/" << header << ".hpp";
  });
  EXPECT_GT(seen, 100U);
}

TEST(AdapterFolders, NoPieceIncludesTheFacadeThatIsMadeOfIt) {
  for_each_include([](const fs::path& path, const std::string& folder, const std::string& header) {
    if (folder != header || folder != folder_of(path)) return;  // spool/spool.hpp, ledger/ledger.hpp, ...
    EXPECT_EQ(path.filename().string(), folder + ".cpp") << path << " includes " << header << ".hpp";
  });
}

}  // namespace
