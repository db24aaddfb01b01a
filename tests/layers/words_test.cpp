// Every sentence that people read stands in the tables of texts (include/sluice/text/words.def and words/), in both
// languages.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <regex>
#include <string>
#include <vector>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

/// Files of nothing but literals of other kinds: SQL, metrics, names of networks and places, what the API says, and the
/// sandbox, which speaks to developers.
const std::vector<std::string> kOfOtherKinds = {
    "include/sluice/text/words",          "src/adapters/ledger/schema.cpp",
    "src/adapters/ledger/statements.cpp", "src/adapters/ledger/salvage_",
    "src/adapters/postgresql/",           "src/control/metrics_text.cpp",
    "src/orders/isp_table.hpp",           "src/orders/province_table.hpp",
    "src/orders/wire_messages.hpp",       "src/sandbox",
};

/// How many others stand in a file, and of what kind. None is a sentence for those who run Sluice; a new one is a row
/// of the tables.
const std::map<std::string, int> kLeft = {
    // SQL
    {"src/adapters/ledger/connection.cpp", 7},
    {"src/adapters/ledger/move.cpp", 11},
    {"src/adapters/ledger/salvage.cpp", 17},
    {"src/adapters/packing/moved_tables.cpp", 3},
    // HTTP
    {"include/sluice/control/metrics.hpp", 1},
    {"src/adapters/upstream/exchange.cpp", 10},
    {"src/control/metrics_server.cpp", 2},
    {"src/control/web/assets.cpp", 3},
    {"src/control/web/job_file_routes.cpp", 1},
    {"src/control/web/live_routes.cpp", 1},
    {"src/control/web/session_routes.cpp", 1},
    {"src/orders/answer_class.cpp", 1},
    {"src/orders/answer_words.cpp", 1},
    // what a library says, which is looked up to be said otherwise
    {"src/app/command_line.cpp", 4},
    {"src/config/yaml_text.cpp", 4},
    // names of file systems, and what files of other kinds begin with
    {"src/adapters/posix/locks.cpp", 2},
    {"src/records/sniff.cpp", 5},
    // what a key is made from
    {"src/app/shared_spool.cpp", 1},
    {"src/pipeline/row_marks.cpp", 1},
    // our own bugs
    {"include/sluice/text/sentence.hpp", 1},
    {"src/base/check.cpp", 1},
    {"src/orders/service.cpp", 1},
};

bool is_of_another_kind(const std::string& path) {
  return std::ranges::any_of(kOfOtherKinds, [&](const std::string& begin) { return path.starts_with(begin); });
}

/// The contents of a source's string literals, but for those of a CHECK, an #include or a comment.
std::vector<std::string> literals(const std::string& text) {
  static const std::regex kLiteral(
      R"re(//[^\n]*|#include[^\n]*|SLUICE_CHECK\([^;]*;|'(?:\\.|[^'\\])'|R"\(((?:[^)]|\)[^"])*)\)"|"((?:\\.|[^"\\])*)")re");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), kLiteral), end; match != end; ++match) {
    if ((*match)[1].matched) found.push_back((*match)[1]);
    if ((*match)[2].matched) found.push_back((*match)[2]);
  }
  return found;
}

/// Two words with a blank between them, which no key, name or format has.
bool is_sentence(const std::string& literal) {
  static const std::regex kTwoWords(R"([A-Za-z]{2,}[,:;]? [A-Za-z{`])");
  return std::regex_search(literal, kTwoWords);
}

TEST(Words, NoSentenceStandsOutsideTheTables) {
  for (const auto& source : sources()) {
    if (is_of_another_kind(source.path)) continue;
    int count = 0;
    std::string all;
    for (const auto& literal : literals(source.text)) {
      if (!is_sentence(literal)) continue;
      ++count;
      all += literal + "\n";
    }
    const auto left = kLeft.find(source.path);
    EXPECT_EQ(count, left == kLeft.end() ? 0 : left->second)
        << source.path << ": put new ones into include/sluice/text/words/, in both languages:\n"
        << all;
  }
}

}  // namespace
}  // namespace sluice::house
