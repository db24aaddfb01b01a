#include "sluice/text/words.hpp"

#include <gtest/gtest.h>

#include <set>

#include "sluice/text/encoding.hpp"

namespace sluice::text {
namespace {

struct Row {
  std::string name;
  std::string english;
  std::string chinese;
};

const Row kRows[] = {
#define WORD(name, english, chinese) {#name, english, chinese},
#include "sluice/text/words.def"
#undef WORD
};

/// The places {0} to {9} that a sentence has.
std::set<char> places(const std::string& sentence) {
  std::set<char> found;
  for (std::size_t i = 0; i + 2 < sentence.size(); ++i) {
    const char digit = sentence[i + 1];
    if (sentence[i] == '{' && digit >= '0' && digit <= '9' && sentence[i + 2] == '}') found.insert(digit);
  }
  return found;
}

TEST(Words, EveryRowSaysAsMuchInBothLanguages) {
  for (const Row& row : kRows) {
    EXPECT_FALSE(row.english.empty()) << row.name;
    EXPECT_TRUE(is_ascii(row.english)) << row.name << ": English goes into all-ASCII files";
    EXPECT_TRUE(is_utf8(row.chinese) && !is_ascii(row.chinese)) << row.name;
    // Lists may differ by language, and then come as two arguments: the same number of places, not the same places.
    EXPECT_EQ(places(row.english).size(), places(row.chinese).size()) << row.name;
  }
}

TEST(Words, ArgumentsTakeTheirPlaces) {
  const Message message{.word = Word::no_rows, .args = {"7"}};
  EXPECT_NE(say(Lang::en, message).find("Line 7:"), std::string::npos);
  EXPECT_NE(say(Lang::zh, message).find("第 7 行"), std::string::npos);
}

TEST(Words, APlaceWithoutAnArgumentStays) {
  EXPECT_NE(say(Lang::en, {.word = Word::no_rows, .args = {}}).find("{0}"), std::string::npos);
}

TEST(Words, AnArgumentIsNeverReadForPlaces) {
  EXPECT_NE(say(Lang::en, {.word = Word::no_rows, .args = {"{0}{1}"}}).find("Line {0}{1}:"), std::string::npos);
}

}  // namespace
}  // namespace sluice::text
