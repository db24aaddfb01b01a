// include/sluice/MODULE shows what a module gives to others, and nothing else.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

namespace fs = std::filesystem;

/// Headers under include/ that another module includes (its main doesn't count), and what those include in turn.
std::set<std::string> needed_by_others() {
  std::map<std::string, const Source*> headers;
  for (const auto& source : sources()) {
    if (source.is_public()) headers[fs::relative(source.path, "include")] = &source;
  }
  std::vector<std::string> found;
  for (const auto& source : sources()) {
    if (source.is_main()) continue;
    for (const auto& include : source.includes) {
      const auto header = headers.find(include.name);
      if (header != headers.end() && header->second->module != source.module) found.push_back(include.name);
    }
  }
  std::set<std::string> needed;
  while (!found.empty()) {
    const std::string name = found.back();
    found.pop_back();
    if (!needed.insert(name).second) continue;
    for (const auto& include : headers.at(name)->includes) {
      if (headers.contains(include.name)) found.push_back(include.name);
    }
  }
  return needed;
}

TEST(Headers, WhatStandsInIncludeIsIncludedByAnotherModule) {
  const auto needed = needed_by_others();
  for (const auto& source : sources()) {
    if (!source.is_public()) continue;
    EXPECT_TRUE(needed.contains(fs::relative(source.path, "include")))
        << source.path << " is included by no other module: it belongs beside its sources, in src/" << source.module;
  }
}

TEST(Headers, APrivateHeaderIsIncludedOnlyFromInsideItsModule) {
  for (const auto& source : sources()) {
    for (const auto& include : source.includes) {
      if (!include.quoted || include.name.starts_with("sluice/")) continue;
      const fs::path inside = fs::path("src") / source.module;
      const bool there =
          !include.name.contains("..") && !source.is_public() &&
          (fs::exists(kRoot / inside / include.name) || fs::exists(kRoot / source.path.parent_path() / include.name));
      EXPECT_TRUE(there) << source.path << ":" << include.line << " includes " << include.name << ", which is neither "
                         << "in include/sluice nor beside the sources of " << source.module;
    }
  }
}

}  // namespace
}  // namespace sluice::house
