#include "layers/sources.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

namespace sluice::house {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEverythingAbove = "everything above";

std::vector<Include> includes_of(const std::string& text) {
  static const std::regex include(R"re(\s*#include ([<"])([^>"]+)[>"].*)re");
  std::vector<Include> found;
  std::istringstream lines(text);
  std::smatch match;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (std::regex_match(line, match, include)) found.push_back({number, match[1] == "\"", match[2]});
  }
  return found;
}

std::set<std::string> split(const std::string& cell) {
  std::set<std::string> words;
  std::istringstream all(cell);
  for (std::string word; std::getline(all, word, ',');) {
    word.erase(0, word.find_first_not_of(' '));
    if (!word.empty() && word != "–") words.insert(word);
  }
  return words;
}

}  // namespace

std::string read(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> files_under(const std::vector<std::string>& tops, const std::set<std::string>& extensions) {
  std::vector<fs::path> files;
  for (const auto& top : tops) {
    if (fs::is_regular_file(kRoot / top)) {
      files.emplace_back(top);
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      if (!entry.is_regular_file() || !extensions.contains(entry.path().extension())) continue;
      files.push_back(fs::relative(entry.path(), kRoot));
    }
  }
  std::ranges::sort(files);
  return files;
}

const std::vector<Source>& sources() {
  static const std::vector<Source> all = [] {
    std::vector<Source> found;
    for (auto& path : files_under({"include/sluice", "src"}, {".hpp", ".cpp", ".def"})) {
      auto part = std::next(path.begin(), *path.begin() == "src" ? 1 : 2);
      Source source{part->string(), path, read(kRoot / path), {}};
      source.includes = includes_of(source.text);
      found.push_back(std::move(source));
    }
    return found;
  }();
  return all;
}

const std::map<std::string, Module>& layer_table() {
  static const std::map<std::string, Module> table = [] {
    const std::regex row(R"(^\| (\d|–) \| (\w+) \|.*\| ([^|]+) \|$)");
    std::map<std::string, Module> modules;
    std::set<std::string> above;
    std::istringstream lines(read(kRoot / "ARCHITECTURE.md"));
    std::smatch match;
    for (std::string line; std::getline(lines, line);) {
      if (!std::regex_match(line, match, row)) continue;
      Module module{match[1] == "–" ? 2 : std::stoi(match[1]), split(match[3])};
      if (module.libraries.erase(kEverythingAbove) > 0) module.libraries.insert(above.begin(), above.end());
      above.insert(module.libraries.begin(), module.libraries.end());
      modules[match[2]] = std::move(module);
    }
    return modules;
  }();
  return table;
}

}  // namespace sluice::house
