#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::house {

inline const std::filesystem::path kRoot = SLUICE_SOURCE_DIR;

struct Include {
  std::size_t line = 0;
  bool quoted = false;  ///< "…", else <…>
  std::string name;
};

/// A file of include/sluice/MODULE or src/MODULE.
struct Source {
  std::string module;
  std::filesystem::path path;  ///< from the root
  std::string text;
  std::vector<Include> includes;

  bool is_public() const { return *path.begin() == "include"; }
  bool is_main() const { return path.filename() == "main.cpp"; }
};

std::string read(const std::filesystem::path& file);
/// Everything under include/sluice and src, in the order of names.
const std::vector<Source>& sources();
/// The files that git would show, of these folders or files of the root, with these endings; paths from the root.
std::vector<std::filesystem::path> files_under(const std::vector<std::string>& tops,
                                               const std::set<std::string>& extensions);

/// A row of the table in ARCHITECTURE.md, Layers.
struct Module {
  int layer = 0;  ///< the sandbox, which has none: one above orders
  std::set<std::string> libraries;
};
const std::map<std::string, Module>& layer_table();

}  // namespace sluice::house
