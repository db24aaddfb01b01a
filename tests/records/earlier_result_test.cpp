#include "sluice/records/earlier_result.hpp"

#include "reading.hpp"

namespace sluice::records {
namespace {

/// What a file says became of its first row.
std::optional<Outcome> earlier(std::string_view file) {
  const ReadFile read = read_file(file);
  EXPECT_FALSE(read.records.empty()) << read.said();
  return EarlierResult(read.format).of(read.records.at(0));
}

std::string written(std::string_view file, Outcome outcome) {
  const auto result = [=](const Record& record) {
    RowResult result = accepted(record);
    result.outcome = outcome;
    return result;
  };
  return write_file(file, read_file(file), true, [](const Record&) { return true; }, result);
}

TEST(EarlierResult, IsReadBackFromEveryFormWeWrite) {
  for (const auto* file : {"a,b\n1,2\n", "a;b\r\n1;2\r\n", "抖音号\t用户ID\n甲\t2\n", "[{\"a\":1}]", "{\"a\":1}\n",
                           "{\"packOrder\":[{\"a\":\"x\"}]}"}) {
    EXPECT_EQ(earlier(file), std::nullopt) << file;
    for (std::size_t i = 1; i < kOutcomes; ++i) EXPECT_EQ(earlier(written(file, Outcome(i))), Outcome(i)) << file;
  }
}

TEST(EarlierResult, IsReadWhereverASpreadsheetMovedTheColumns) {
  EXPECT_EQ(earlier("result_at,result_row,result_request,result_attempts,uid,result,result_end_time,result_start_time,"
                    "result_order_id,result_message,result_status\n,2,,,7, accepted ,,,,,\n"),
            Outcome::accepted);
}

TEST(EarlierResult, IsReadFromFilesThatHadNoTextOfItYet) {
  EXPECT_EQ(earlier("uid,result,result_status,result_message,result_order_id,result_start_time,result_end_time,"
                    "result_row,result_attempts,result_request,result_at\n1,refused,2,x,,,,2,1,r,\n"),
            Outcome::refused);
}

TEST(EarlierResult, IsNotReadIntoColumnsThatAreMerelyNamedSo) {
  EXPECT_EQ(earlier("uid,result\n1,accepted\n"), std::nullopt);
  EXPECT_EQ(earlier("[{\"uid\":1,\"result\":\"accepted\"}]"), std::nullopt);
  EXPECT_EQ(earlier("[{\"uid\":1,\"result\":{\"outcome\":\"accepted\"}}]"), std::nullopt);
  EXPECT_EQ(earlier("[{\"uid\":1,\"result\":[\"accepted\"]}]"), std::nullopt);
  std::string strange = results_of("a,b\n1,2\n");
  strange.replace(strange.find("accepted"), 8, "all well");
  EXPECT_EQ(earlier(strange), std::nullopt);
}

}  // namespace
}  // namespace sluice::records
