#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>

#include "orders/answer_by_dom.hpp"
#include "orders/answer_json.hpp"

namespace sluice::orders {
namespace {

std::string text(std::string_view json, std::string_view name) {
  const auto answer = AnswerJson::parse(json, {});
  return answer ? std::string(answer->root(name).said().value_or("(none)")) : "(no JSON)";
}

TEST(AnswerJson, ReadsValuesAsText) {
  EXPECT_EQ(text(R"({"msg":"a\"b\u8054"})", "msg"), "a\"b联");
  EXPECT_EQ(text(R"({"code":200})", "code"), "200");
  EXPECT_EQ(text(R"({"code":2e2})", "code"), "200");
  EXPECT_EQ(text(R"({"code":18446744073709551615})", "code"), "18446744073709551615");
  EXPECT_EQ(text(R"({"code":true,"msg":null})", "code"), "true");
  EXPECT_EQ(text(R"({"code":true,"msg":null})", "msg"), "(none)");
  EXPECT_EQ(text(R"({"msg": {"a" : [1, "x\"" , {}, [ ]], "b": null}})", "msg"), R"({"a":[1,"x\"",{},[]],"b":null})");
  EXPECT_EQ(text(R"({"MSG":"x","Msg":"y"})", "msg"), "x");
  EXPECT_EQ(text(R"({"MSG":"x","msg":"y"})", "msg"), "y");
  EXPECT_EQ(text(R"({"msg":"\ud800!"})", "msg"), "\uFFFD!");
  EXPECT_EQ(text(R"({"msg":"x"} {})", "msg"), "(no JSON)");
}

TEST(AnswerJson, FindsRowsInDataOrInItsFirstArray) {
  for (const std::string_view json :
       {R"({"code":200,"data":[{"uid":"1"},7,[],{"uid":2}]})",
        R"({"data":{"n":4,"o":{"x":[]},"list":[{"uid":"1"},null,"",{"uid":2}],"more":[1]}})",
        R"({"data":[{}],"Data":[],"data":[{"uid":"1"},[{"uid":"3"}],1,{"UID":"2"}]})"}) {
    const auto answer = AnswerJson::parse(json, by_dom::kOfRows);
    ASSERT_TRUE(answer) << json;
    ASSERT_EQ(answer->rows(), 4U) << json;
    EXPECT_EQ(answer->row(0)->front().said(), "1") << json;
    EXPECT_FALSE(answer->row(1) || answer->row(2)) << json;
    EXPECT_EQ(answer->row(3)->front().said(), "2") << json;
  }
}

/// A random document of the names and values that answers are made of.
class Documents {
 public:
  std::string next() { return object(0); }

 private:
  std::size_t below(std::size_t most) { return random_() % most; }
  std::string name() {
    constexpr const char* kNames[] = {"code", "msg",    "data",    "Data",     "DATA", "uid",
                                      "UID",  "status", "orderId", "x\\u0079", ""};
    return kNames[below(std::size(kNames))];
  }
  std::string value(int depth) {
    constexpr const char* kValues[] = {
        "1", "-0", "2.5", "1e3", "1E400", "null", "true", "\"\"", "\"1\"", "\"a\\nb\\u8054\"", "12345678901234567890"};
    if (depth < 5 && below(3) == 0) return object(depth);
    if (depth < 5 && below(3) == 0) return array(depth);
    return kValues[below(std::size(kValues))];
  }
  std::string object(int depth) {
    std::set<std::string> names;
    std::string out = "{";
    for (auto n = below(5); n > 0; --n) {
      const auto next = name();
      if (!names.insert(next).second && depth > 0) continue;
      out += (out.size() > 1 ? ", \"" : "\"") + next + "\": " + value(depth + 1);
    }
    return out + "}";
  }
  std::string array(int depth) {
    std::string out = "[";
    for (auto n = below(4); n > 0; --n) out += (out.size() > 1 ? "," : "") + value(depth + 1);
    return out + "]";
  }

  std::mt19937 random_{1};  // NOLINT: the same each time
};

TEST(AnswerJson, SaysTheSameAsAWholeDocumentInMemory) {
  Documents documents;
  for (int i = 0; i < 4'000; ++i) {
    const auto json = documents.next();
    ASSERT_TRUE(by_dom::agrees(json)) << json;
  }
}

TEST(AnswerJson, ReadsRowsThatAreSpelledAlikeAndOtherwise) {
  constexpr const char* kRows[] = {R"({"uid":"1","status":2})",
                                   R"({ "uid" : "1" , "status" : 2 })",
                                   R"({"uid":"3" ,"status":
                                    4})",
                                   R"({"\u0075id":"5","status":6})",
                                   R"({"uid":"7"})",
                                   R"({"uid":"8","status":9,"more":null})",
                                   R"({"uidx":"9","status":"10"})",
                                   R"({"uid":"11","UID" :"12"})",
                                   R"({"status":13,"uid":"1\n4"})",
                                   R"({"uid":"11","status":2})",
                                   R"({"uid": "1","status":20})",
                                   R"({"uid":1,"status":2.50})",
                                   R"({"uid":"","status":{"of":2}})",
                                   R"({"uid":null,"status":"2\"" })",
                                   R"({"uid":"1","status":2.})",
                                   R"({"uid":"1","status":2]})",
                                   R"({"uid":"1","status":2,})",
                                   "{}",
                                   "null"};
  for (const std::string one : kRows) {
    for (const std::string two : kRows) {
      for (const std::string three : kRows) {
        const auto json = R"({"data":[)" + one + "," + two + " ,\n" + three + "]}";
        ASSERT_TRUE(by_dom::agrees(json)) << json;
      }
    }
  }
}

TEST(AnswerJson, OfRepeatedDataTheRowsOfTheFirstLeaveNothingBehind) {
  EXPECT_TRUE(by_dom::agrees(R"({"data":[{},{"uid":"1"}],"data":[{"uid":"1"},{"uid":"5"},{"uid":"1"}]})"));
}

TEST(AnswerJson, TakesNoDocumentThatIsNone) {
  constexpr std::string_view kBytes = "{}[]:,\"\\ue0-+.1atn \n\x01";
  Documents documents;
  std::mt19937 random{2};  // NOLINT: the same each time
  for (int i = 0; i < 20'000; ++i) {
    auto json = documents.next();
    const auto at = random() % json.size();
    if (i % 2 == 0)
      json[at] = kBytes[random() % kBytes.size()];
    else
      json.erase(at, 1 + random() % 3);
    ASSERT_TRUE(by_dom::agrees(json)) << json;
  }
  for (const std::string_view json :
       {"", " ", "{", "nul", "01", "1.", "-", ".5", "1e", "\"\x1F\"", "\"\\x\"", "[1,]", "{\"a\"}"})
    EXPECT_FALSE(AnswerJson::parse(json, {})) << json;
  for (const int depth : {32, 33}) {
    const auto deep = std::string(depth, '[') + std::string(depth, ']');
    EXPECT_TRUE(by_dom::agrees(deep)) << depth;
  }
}

}  // namespace
}  // namespace sluice::orders
