#include <boost/json.hpp>

#include "reading.hpp"

namespace sluice::records {
namespace {

namespace json = boost::json;

std::string member(std::string_view row) {
  return R"("result":{"outcome":"accepted","status":1,"message":"Operation successful","order_id":"17872308245801546",)"
         R"("start_time":"2026-11-22","end_time":"2026-12-31","row":)" +
         std::string(row) + R"(,"attempts":1,"request":"r7","at":"2026-11-21T13:05:09.042Z","text":"accepted"})";
}

std::string subset_of(std::string_view file, std::vector<std::uint64_t> rows) {
  return write_file(
      file, read_file(file), false,
      [&](const Record& record) { return std::ranges::find(rows, record.ref.row) != rows.end(); }, accepted);
}

TEST(JsonWriter, AddsOneLastMemberAndKeepsEveryByte) {
  EXPECT_EQ(results_of("[\n  {\"uid\": 1.50, \"b\" : [ 1 ] },\n\n  { },{\"a\":\"\\u00e9\"}\n]\n"),
            "[\n  {\"uid\": 1.50, \"b\" : [ 1 ]," + member("1") + " },\n\n  {" + member("2") +
                " },{\"a\":\"\\u00e9\"," + member("3") + "}\n]\n");
}

TEST(JsonWriter, KeepsAWrappersOtherMembers) {
  EXPECT_EQ(results_of(R"({"x":[1], "packOrder" : [ {"a":1} ] , "y":"]"} )"),
            R"({"x":[1], "packOrder" : [ {"a":1,)" + member("1") + R"(} ] , "y":"]"} )");
}

TEST(JsonWriter, KeepsTheLinesOfJsonLines) {
  EXPECT_EQ(results_of("{\"a\":1}\r\n\r\n{\"a\":2}"),
            "{\"a\":1," + member("1") + "}\r\n\r\n{\"a\":2," + member("2") + "}");
}

TEST(JsonWriter, AResultOfAnEarlierRunIsCutWhereverItStands) {
  const std::string expected = "[{\"a\":1 , \"b\":2," + member("1") + "}]";
  EXPECT_EQ(results_of(R"([{"a":1 ,"result":{"x":[1,"}"]} , "b":2}])"), expected);
  EXPECT_EQ(results_of(R"([{"result":null,"a":1 , "b":2}])"), expected);
  EXPECT_EQ(results_of(R"([{"r\u0065sult":null,"result" :7, "a":1 , "b":2, "result":"" }])"),
            "[{\"a\":1 , \"b\":2," + member("1") + " }]");
  EXPECT_EQ(results_of(R"([{"result":1}])"), "[{" + member("1") + "}]");
}

TEST(JsonWriter, ResultsDroppedInAgainComeOutTheSame) {
  for (const std::string file :
       {"[{\"a\":1},\n{ }]", "{\"n\":1,\"packOrder\":[\n {\"a\" : \"x\"} ]\n}", "{\"a\":1}\n{\"b\":2}\n"}) {
    const std::string once = results_of(file);
    EXPECT_EQ(results_of(once), once);
  }
}

TEST(JsonWriter, ASubsetIsValidAndCanBeDroppedIn) {
  const std::string file = "{\"x\":1,\"packOrder\":[\n  {\"a\":1},\n  {\"a\":2},\n  {\"a\":3}\n],\"y\":2}";
  EXPECT_EQ(subset_of(file, {2}), "{\"x\":1,\"packOrder\":[\n  {\"a\":2," + member("2") + "}\n],\"y\":2}");
  for (const std::vector<std::uint64_t>& rows : {std::vector<std::uint64_t>{1}, {3}, {1, 3}, {2, 3}, {1, 2, 3}}) {
    const std::string out = subset_of(file, rows);
    json::error_code error;
    EXPECT_TRUE(json::parse(out, error).is_object()) << out;
    EXPECT_FALSE(error) << out;
    EXPECT_EQ(read_file(out).records.size(), rows.size()) << out;
  }
  EXPECT_EQ(subset_of("[{\"a\":1},{\"a\":2},{\"a\":3}]", {1, 3}),
            "[{\"a\":1," + member("1") + "},{\"a\":3," + member("3") + "}]");
  EXPECT_EQ(subset_of("{\"a\":1}\r\n\r\n{\"a\":2}\r\n{\"a\":3}\r\n", {1, 3}),
            "{\"a\":1," + member("1") + "}\r\n{\"a\":3," + member("3") + "}\r\n");
}

TEST(JsonWriter, WritesInTheInputsOwnEncoding) {
  const std::string utf8 = "{\"批次\":\"漒\",\"packOrder\":[ {\"昵称\":\"漒弡鐋\"},\r\n {\"uid\":\"2\"} ]}";
  for (const text::Encoding encoding : text::kEncodings) {
    const std::string mark = encoding == text::Encoding::gb18030 ? "" : "\uFEFF";
    for (const bool all : {true, false}) {
      const auto written = [&](std::string_view file) {
        return write_file(
            file, read_file(file), all, [](const Record&) { return true; },
            [](const Record& record) {
              RowResult result = accepted(record);
              result.message = "下单\"成功\"";
              return result;
            });
      };
      EXPECT_EQ(written(text::encode(encoding, mark + utf8)), text::encode(encoding, written(mark + utf8)))
          << text::name(encoding);
    }
  }
}

TEST(JsonWriter, AbsentValuesAreNullOrEmpty) {
  const std::string file = "[{}]";
  const std::string out = write_file(
      file, read_file(file), true, [](const Record&) { return true; },
      [](const Record&) { return RowResult{.row = 1, .outcome = Outcome::not_sent, .message = "不行\n"}; });
  EXPECT_EQ(
      out, R"([{"result":{"outcome":"not_sent","status":null,"message":"\u4E0D\u884C\n","order_id":"","start_time":"",)"
           R"("end_time":"","row":1,"attempts":0,"request":"","at":"","text":"not sent"}}])");
}

}  // namespace
}  // namespace sluice::records
