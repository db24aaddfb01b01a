// Holds every #include against the table in ARCHITECTURE.md, Layers.
#include <gtest/gtest.h>

#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

/// base stands above text; otherwise modules of one layer don't know each other.
bool may_include(const std::string& from, const std::string& to) {
  if (from == to || (from == "text" && to == "base")) return true;
  if (from == "sandbox") return to == "base" || to == "orders" || to == "text";
  if (to == "sandbox") return false;
  return layer_table().at(to).layer < layer_table().at(from).layer;
}

/// The library a header is of, by the name the table has for it; "" for std and the system, the header itself where it
/// is not known.
std::string library_of(const std::string& header) {
  static const std::vector<std::pair<std::string, std::string>> kLibraries = {
      {"boost/asio", "asio"},
      {"boost/system/", "asio"},
      {"boost/beast", "Beast"},
      {"boost/json", "Boost.JSON"},
      {"boost/url", "Boost.URL"},
      {"boost/unordered/", "Boost.Unordered"},
      {"fmt/", "fmt"},
      {"spdlog/", "spdlog"},
      {"openssl/", "OpenSSL"},
      {"SQLiteCpp/", "SQLiteCpp"},
      {"sqlite3.h", "SQLiteCpp"},
      {"postgresql/", "libpq"},
      {"yaml-cpp/", "yaml-cpp"},
      {"utf8proc.h", "utf8proc"},
      {"iconv.h", "iconv"},
      {"CLI/", "CLI11"},
  };
  for (const auto& [prefix, library] : kLibraries) {
    if (header.starts_with(prefix)) return library;
  }
  static const std::regex kSystem(R"((sys|linux|net|netinet|arpa)/.*|[^/]+)");
  return std::regex_match(header, kSystem) ? "" : header;
}

TEST(Layers, EveryModuleIsInTheTableAndEveryRowIsAModule) {
  std::set<std::string> folders;
  for (const auto& source : sources()) folders.insert(source.module);
  folders.erase("asio");  // Boost's own sources, compiled once
  std::set<std::string> rows;
  for (const auto& [name, module] : layer_table()) rows.insert(name);
  EXPECT_EQ(folders, rows);
}

TEST(Layers, NothingIncludesWhatStandsBesideOrBelowIt) {
  const std::regex ours(R"(sluice/(\w+)/.*)");
  std::smatch match;
  std::size_t seen = 0;
  for (const auto& source : sources()) {
    for (const auto& include : source.includes) {
      if (!std::regex_match(include.name, match, ours)) continue;
      ++seen;
      EXPECT_TRUE(may_include(source.module, match[1]))
          << source.path << ":" << include.line << ": " << source.module << " includes " << include.name;
    }
  }
  EXPECT_GT(seen, 100U);
}

TEST(Layers, ModulesUseOnlyTheLibrariesThatTheTableGivesThem) {
  std::set<std::pair<std::string, std::string>> used;
  for (const auto& source : sources()) {
    if (source.module == "asio") continue;
    for (const auto& include : source.includes) {
      const std::string library = include.quoted ? "" : library_of(include.name);
      if (library.empty()) continue;
      used.emplace(source.module, library);
      EXPECT_TRUE(layer_table().at(source.module).libraries.contains(library))
          << source.path << ":" << include.line << " includes " << include.name << ", but the table gives "
          << source.module << " no " << library;
    }
  }
  for (const auto& [name, module] : layer_table()) {
    if (name == "app") continue;  // "everything above"
    for (const auto& library : module.libraries) {
      EXPECT_TRUE(used.contains({name, library}))
          << "the table gives " << name << " " << library << "; it has no use for it";
    }
  }
}

TEST(Layers, PureModulesHaveNoClockNoFileNoSocketNoLog) {
  const std::regex impure(
      R"(system_clock::now|steady_clock::now|clock_gettime|::open\(|std::ifstream|std::ofstream|spdlog)");
  for (const auto& source : sources()) {
    if (!std::set<std::string>{"text", "orders", "records", "pacing"}.contains(source.module)) continue;
    std::istringstream lines(source.text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      EXPECT_FALSE(std::regex_search(line, impure)) << source.path << ":" << number << ": " << line;
    }
  }
}

}  // namespace
}  // namespace sluice::house
