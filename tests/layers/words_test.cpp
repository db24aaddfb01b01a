// Every sentence that people read stands in the tables of texts (include/sluice/text/words.def and words/), in both
// languages: what still stands as a literal in the code is counted here, and may only become less.
#include <gtest/gtest.h>

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "layers/sources.hpp"

namespace sluice::house {
namespace {

/// Where literals are no sentences for people: SQL, HTTP, what the API says, names of places, our own bugs (CHECK).
const std::vector<std::string> kOfOtherKinds = {
    "include/sluice/text/words",     "src/adapters/ledger/schema.cpp", "src/adapters/ledger/statements.cpp",
    "src/adapters/ledger/salvage_",  "src/control/metrics_text.cpp",   "src/orders/isp_table.hpp",
    "src/orders/province_table.hpp", "src/orders/wire_messages.hpp",   "src/sandbox",
};

/// How many stand outside the tables today, names of columns and of system calls among them. Lower it with each that
/// goes; never raise it: a new sentence is a row.
constexpr int kSentencesLeft = 216;

bool is_of_another_kind(const std::string& path) {
  return std::ranges::any_of(kOfOtherKinds, [&](const std::string& begin) { return path.starts_with(begin); });
}

/// The contents of a source's string literals, but for those of a CHECK, an #include or a comment.
std::vector<std::string> literals(const std::string& text) {
  static const std::regex kLiteral(
      R"re(//[^\n]*|#include[^\n]*|SLUICE_CHECK\([^;]*;|'(?:\\.|[^'\\])'|"((?:\\.|[^"\\])*)")re");
  std::vector<std::string> found;
  for (std::sregex_iterator match(text.begin(), text.end(), kLiteral), end; match != end; ++match) {
    if ((*match)[1].matched) found.push_back((*match)[1]);
  }
  return found;
}

/// Two words with a blank between them, which no key, name or format has.
bool is_sentence(const std::string& literal) {
  static const std::regex kTwoWords(R"([A-Za-z]{2,}[,:;]? [A-Za-z{`])");
  return std::regex_search(literal, kTwoWords);
}

TEST(Words, NoSentenceIsAddedOutsideTheTables) {
  int count = 0;
  std::string all;
  for (const auto& source : sources()) {
    if (is_of_another_kind(source.path)) continue;
    for (const auto& literal : literals(source.text)) {
      if (!is_sentence(literal)) continue;
      ++count;
      all += source.path.string() + ": " + literal + "\n";
    }
  }
  EXPECT_LE(count, kSentencesLeft) << "put new ones into include/sluice/text/words/, in both languages:\n" << all;
}

}  // namespace
}  // namespace sluice::house
