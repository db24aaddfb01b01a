// What a comment or a page cites is in the clone: the file, the heading, the path.
#include <gtest/gtest.h>

#include <glob.h>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTops = {
    "include", "src",       "tests",           "config",          "docs",          "systemd", "cmake", ".ci",
    "dev",     "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "CMakeLists.txt"};
const std::set<std::string> kEndings = {".hpp", ".cpp",   ".def",  ".py",      ".md",    ".txt",
                                        ".sh",  ".cmake", ".yaml", ".service", ".timer", ".patch"};

std::vector<std::string> headings_of(const fs::path& page) {
  static const std::regex heading(R"((?:^|\n)#+ ([^\n]+))");
  const std::string text = std::regex_replace(read(kRoot / page), std::regex("\n```[^`]*```"), "");
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), heading), end; i != end; ++i) found.push_back((*i)[1]);
  return found;
}

/// The anchor that GitHub makes of a heading.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char c : heading) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 || std::isalnum(byte) || c == '-' || c == '_') anchor += static_cast<char>(std::tolower(byte));
    if (c == ' ') anchor += '-';
  }
  return anchor;
}

/// A citation may stop where the heading has a colon, a comma or a bracket: "docs/api.md, Limiters met in practice".
bool names_heading(const std::string& cited, const fs::path& page) {
  return std::ranges::any_of(headings_of(page), [&](const std::string& heading) {
    const std::string head = heading.substr(0, heading.find_first_of(":,("));
    const std::string wanted = head.substr(0, head.find_last_not_of(' ') + 1);
    return cited.starts_with(wanted) &&
           (cited.size() == wanted.size() || !std::isalnum(static_cast<unsigned char>(cited[wanted.size()])));
  });
}

/// The text with its comments' line breaks undone, so that a citation over two lines is one.
std::string in_one_line(const std::string& text) {
  static const std::regex line_break(R"(\s*\n\s*(?://[/!]?<?|#|\*)?\s*)");
  return std::regex_replace(text, line_break, " ");
}

/// Where a page's name is looked up: beside the file that cites it, at the root, or (the settings' page) in config.
fs::path page_of(const fs::path& citing, const std::string& name) {
  for (const fs::path& folder : {citing.parent_path(), fs::path(), fs::path("config")}) {
    if (fs::exists(kRoot / folder / name)) return folder / name;
  }
  return name;
}

struct Citation {
  fs::path page;
  std::string words;  ///< how it is written
  std::string anchor;
  std::string behind;  ///< what follows ", " or "'s "
};

/// The tests of citations have some that lead nowhere; a fuzzer's corpus is bytes, not text.
bool is_exempt(const fs::path& file) {
  return file.filename() == "citations_test.cpp" || file.string().contains("/corpus/");
}

std::vector<Citation> citations_in(const fs::path& file, const std::string& text) {
  static const std::regex citation(
      R"re(([\w./-]*\b[\w-]+\.md)(?:#([^\s)"`]+))?(?:(?:\)?, |'s )["“]?(?=([^"”\n]{2,79})))?)re");
  std::vector<Citation> found;
  for (std::sregex_iterator i(text.begin(), text.end(), citation), end; i != end; ++i) {
    const std::string name = (*i)[1];
    if (name.starts_with('/')) continue;
    std::string behind = (*i)[3];
    // In running text a comma may be just that.
    if (file.extension() == ".md" && behind.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 0) behind.clear();
    found.push_back({page_of(file, name), (*i)[0], (*i)[2], behind});
  }
  return found;
}

bool anchor_exists(const fs::path& page, const std::string& anchor) {
  return std::ranges::any_of(headings_of(page), [&](const auto& heading) { return anchor_of(heading) == anchor; });
}

TEST(Citations, NameAPageThatExistsAndAHeadingOfIt) {
  std::size_t seen = 0;
  for (const auto& file : files_under(kTops, kEndings)) {
    const std::string text = read(kRoot / file);
    if (is_exempt(file) || !text.contains(".md")) continue;
    for (const auto& citation : citations_in(file, in_one_line(text))) {
      ++seen;
      EXPECT_TRUE(fs::exists(kRoot / citation.page)) << file << " cites " << citation.words << ": no such page";
      if (!citation.anchor.empty()) {
        EXPECT_TRUE(anchor_exists(citation.page, citation.anchor)) << file << ": " << citation.words;
      }
      if (!citation.behind.empty()) {
        EXPECT_TRUE(names_heading(citation.behind, citation.page))
            << file << " cites " << citation.page << ", " << citation.behind << "…: no heading of it begins so";
      }
    }
  }
  EXPECT_GT(seen, 50U);
}

TEST(Citations, LinksWithinAPageLeadToAHeading) {
  static const std::regex link(R"(\]\(#([^)]+)\))");
  for (const auto& page : files_under({"docs", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"}, {".md"})) {
    const std::string text = read(kRoot / page);
    for (std::sregex_iterator i(text.begin(), text.end(), link), end; i != end; ++i) {
      EXPECT_TRUE(anchor_exists(page, (*i)[1])) << page << ": #" << (*i)[1];
    }
  }
}

bool matches_something(const std::string& pattern) {
  glob_t found{};
  const bool any = ::glob((kRoot / pattern).c_str(), 0, nullptr, &found) == 0;
  ::globfree(&found);
  return any;
}

/// `pipeline/intake` is src/pipeline/intake.cpp, as a reader would look for it.
bool stands_in_tree(const std::string& path) {
  for (const char* top : {"", "src/", "include/sluice/"}) {
    for (const char* ending : {"", ".cpp", ".hpp"}) {
      if (matches_something(top + path + ending)) return true;
    }
  }
  return false;
}

/// Paths of the pages: what stands in `…`, begins with a folder of the repository or a module and holds a slash.
std::vector<std::string> paths_in(const std::string& text) {
  static const std::regex path(R"(`((?:\./)?([\w.]+)/[\w./*-]+)`)");
  static const std::regex placeholder("/[A-Z]{4}");  // include/sluice/NAME
  std::set<std::string> firsts = {"include", "src", "tests", "config", "docs", "systemd", "cmake", ".ci"};
  for (const auto& [module, row] : layer_table()) firsts.insert(module);
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), path), end; i != end; ++i) {
    const std::string named = (*i)[1];
    if (firsts.contains((*i)[2]) && !std::regex_search(named, placeholder)) found.push_back(named);
  }
  return found;
}

TEST(Citations, PathsThatThePagesNameStandInTheTree) {
  std::size_t seen = 0;
  for (const auto& page : files_under({"docs", "README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"}, {".md"})) {
    for (const auto& path : paths_in(read(kRoot / page))) {
      ++seen;
      EXPECT_TRUE(stands_in_tree(path)) << page << " names " << path << ", which is not there (any more)";
    }
  }
  EXPECT_GT(seen, 20U);
}

TEST(Citations, AHeadingIsMatchedAsAWholeAndAMissingOneIsSeen) {
  EXPECT_TRUE(names_heading("Time). Exactly", "docs/api.md"));
  EXPECT_TRUE(names_heading("Local checks", "docs/api.md"));
  EXPECT_FALSE(names_heading("Timetable", "docs/api.md"));
  EXPECT_FALSE(names_heading("throttled", "docs/api.md"));
  EXPECT_FALSE(stands_in_tree("pipeline/no_such_file"));
  EXPECT_TRUE(stands_in_tree("src/text/*.cpp"));
  const auto found = citations_in("src/a.cpp", "as in docs/api.md, Time) and nowhere.md#x");
  ASSERT_EQ(found.size(), 2U);
  EXPECT_TRUE(found[0].behind.starts_with("Time)"));
  EXPECT_EQ(found[1].anchor, "x");
}

}  // namespace
}  // namespace sluice::house
