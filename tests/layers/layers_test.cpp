// Holds every #include against the layer table in ARCHITECTURE.md.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = SLUICE_SOURCE_DIR;

struct Module {
  int layer = 0;
  int row = 0;
};

/// The table's rows: module, layer (sandbox: one above orders), and position.
std::map<std::string, Module> layer_table() {
  std::map<std::string, Module> modules;
  std::ifstream file(kRoot / "ARCHITECTURE.md");
  const std::regex row(R"(^\| (\d|–) \| (\w+) \|.*)");
  std::smatch match;
  for (std::string line; std::getline(file, line);) {
    if (!std::regex_match(line, match, row)) continue;
    const int layer = match[1] == "–" ? 2 : std::stoi(match[1]);
    modules[match[2]] = {layer, static_cast<int>(modules.size())};
  }
  return modules;
}

/// base stands above text; otherwise modules of one layer don't know each other.
bool may_include(const std::map<std::string, Module>& table, const std::string& from, const std::string& to) {
  if (from == to) return true;
  if (from == "sandbox") return to == "base" || to == "orders" || to == "text";
  if (to == "sandbox") return false;
  return table.at(to).layer < table.at(from).layer;
}

std::vector<std::pair<std::string, fs::path>> sources() {
  std::vector<std::pair<std::string, fs::path>> files;
  for (const auto& top : {kRoot / "include/sluice", kRoot / "src"}) {
    for (const auto& entry : fs::recursive_directory_iterator(top)) {
      if (!entry.is_regular_file()) continue;
      files.emplace_back(fs::relative(entry.path(), top).begin()->string(), entry.path());
    }
  }
  return files;
}

TEST(Layers, EveryModuleIsInTheTableAndEveryRowIsAModule) {
  const auto table = layer_table();
  std::set<std::string> folders;
  for (const auto& [module, path] : sources()) folders.insert(module);
  folders.erase("asio");  // Boost's own sources, compiled once
  std::set<std::string> rows;
  for (const auto& [name, module] : table) rows.insert(name);
  EXPECT_EQ(folders, rows);
}

TEST(Layers, NothingIncludesWhatStandsBesideOrBelowIt) {
  const auto table = layer_table();
  const std::regex include(R"re(^\s*#include "sluice/(\w+)/.*")re");
  std::smatch match;
  std::size_t seen = 0;
  for (const auto& [module, path] : sources()) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_match(line, match, include)) continue;
      ++seen;
      EXPECT_TRUE(may_include(table, module, match[1])) << path << " (" << module << ") includes " << line;
    }
  }
  EXPECT_GT(seen, 100U);
}

TEST(Layers, ModulesKeepToTheirLibraries) {
  // Which module may use a library besides std: the table's last column, for those that matter.
  const std::map<std::string, std::set<std::string>> users = {
      {R"(<boost/asio)", {"ports", "pipeline", "adapters", "control", "app", "sandbox", "asio"}},
      {R"(<boost/beast)", {"adapters", "control", "sandbox", "asio"}},
      {R"(<boost/json)", {"orders", "records", "control", "sandbox"}},
      {R"(<boost/url)", {"config"}},
      {R"(<openssl/)", {"adapters", "sandbox"}},
      {R"(<SQLiteCpp/)", {"adapters"}},
      {R"(<yaml-cpp/)", {"config"}},
      {R"(<utf8proc)", {"text"}},
      {R"(<iconv)", {"text"}},
      {R"(<CLI/)", {"app", "sandbox"}},
      {R"(<systemd/)", {"app"}},
  };
  for (const auto& [module, path] : sources()) {
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
      for (const auto& [library, modules] : users) {
        if (line.starts_with("#include " + library)) {
          EXPECT_TRUE(modules.contains(module)) << path << ": " << line;
        }
      }
    }
  }
}

TEST(Layers, PureModulesHaveNoClockNoFileNoSocketNoLog) {
  const std::regex impure(
      R"(system_clock::now|steady_clock::now|clock_gettime|::open\(|std::ifstream|std::ofstream|spdlog)");
  for (const auto& [module, path] : sources()) {
    if (!std::set<std::string>{"text", "orders", "records", "pacing"}.contains(module)) continue;
    std::ifstream file(path);
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      EXPECT_FALSE(std::regex_search(line, impure)) << path << ":" << number << ": " << line;
    }
  }
}

TEST(Layers, NoFileIsLongerThan400Lines) {
  for (const auto& [module, path] : sources()) {
    std::ifstream file(path);
    std::size_t lines = 0;
    for (std::string line; std::getline(file, line);) ++lines;
    EXPECT_LE(lines, 400U) << path;
  }
}

}  // namespace
