#include "sluice/pipeline/survey.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_file.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

using records::Outcome;

const std::string kHeader = "douyinId,source,uid,endMonthTime,isRenew\n";

std::string row(std::uint64_t uid, std::string_view end = "2031-12") {
  return fmt::format("abc,联通,{},{},false\n", uid, end);
}

/// What a survey told since its last begin().
class Heard final : public SurveySink {
 public:
  ports::Task<Result<void>> begin(const records::Format& format, const OrderReading&) override {
    encodings.push_back(format.encoding);
    told.clear();
    valid_rows.clear();
    results.clear();
    co_return Result<void>{};
  }
  void valid(const records::RowRef& ref, std::uint64_t line, const orders::Judged& judged,
             const OrderHashes&) override {
    told.push_back(ref.row);
    valid_rows.push_back(ref.row);
    lines.push_back(line);
    uids.emplace_back(judged.order.key());
  }
  void settled(std::uint64_t, const records::RowResult& result) override {
    told.push_back(result.row);
    results.push_back(result);
  }
  ports::Task<Result<void>> breathe() override { co_return breath; }
  std::string said(std::size_t i) const { return std::string(results[i].message); }

  std::vector<text::Encoding> encodings;
  std::vector<std::uint64_t> told, valid_rows, lines;
  std::vector<std::string> uids;
  std::vector<records::RowResult> results;
  Result<void> breath;
};

class SurveyTest : public testing::Test {
 protected:
  Result<std::variant<Surveyed, Rejected>> look(MemoryFile& file, std::vector<ports::Doubt> doubts = {}) {
    return clock.run(survey(file, kNoon, std::move(doubts), heard, clock));
  }
  Surveyed surveyed(const std::string& bytes, std::vector<ports::Doubt> doubts = {}) {
    MemoryFile file(bytes);
    return std::get<Surveyed>(look(file, std::move(doubts)).value());
  }
  std::string rejected(const std::string& bytes) {
    MemoryFile file(bytes);
    return std::get<Rejected>(look(file).value()).reason;
  }

  FakeClock clock;
  Heard heard;
};

using Rows = std::vector<std::uint64_t>;

TEST_F(SurveyTest, TellsValidAndInvalidRowsInTheFilesOrder) {
  const auto file = surveyed(kHeader + row(11) + row(12, "2019-01") + "\n" + row(13));
  EXPECT_EQ(file.rows, 3);
  EXPECT_EQ(file.service, orders::ServiceId::create);
  EXPECT_EQ(heard.valid_rows, (Rows{1, 3}));
  EXPECT_EQ(heard.lines, (Rows{2, 5})) << "blank lines are no rows, but lines";
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].row, 2);
  EXPECT_EQ(heard.results[0].outcome, Outcome::invalid);
  EXPECT_TRUE(heard.said(0).contains("endMonthTime"));
  EXPECT_EQ(heard.results[0].at, kNoon);
}

TEST_F(SurveyTest, EachRowIsToldInItsTurnWhateverBecomesOfIt) {
  const std::string invalid = row(12, "2019-01");
  surveyed(kHeader + row(11) + invalid + invalid + row(13) + row(11) + row(14) + row(11) + invalid + row(15));
  EXPECT_EQ(heard.told, (Rows{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(heard.valid_rows, (Rows{1, 4, 6, 9}));
  surveyed(kHeader + row(11) + row(12) + row(12));
  EXPECT_EQ(heard.told, (Rows{1, 2, 3}));
  EXPECT_EQ(heard.results.back().outcome, Outcome::duplicate) << "the last row, too";
}

TEST_F(SurveyTest, ADuplicateNamesTheLineOfItsEarlierRow) {
  surveyed(kHeader + row(11) + "\n" + row(12) + row(12));
  EXPECT_EQ(heard.valid_rows, (Rows{1, 2}));
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].outcome, Outcome::duplicate);
  EXPECT_EQ(heard.results[0].message, "Same order as in line 4 of this file; not sent.");
}

TEST_F(SurveyTest, ADuplicateInJsonNamesTheOrdersNumber) {
  const std::string order = R"({"uid":"11","douyinId":"a","source":"CMCC","endMonthTime":"2031-12","isRenew":false})";
  surveyed("[\n\n" + order + ",\n" + order + "]");
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].message, "Same order as order 1 of this file; not sent.");
}

TEST_F(SurveyTest, AllThatIsWrongWithARowIsSaidAtOnce) {
  surveyed(kHeader + "abc,Vodafone,12x,2031-12,perhaps\n");
  ASSERT_EQ(heard.results.size(), 1);
  const auto message = heard.said(0);
  EXPECT_EQ(message.find("\"source\""), 0) << message;
  for (const auto* said : {"\"Vodafone\"", "\"12x\"", "\"perhaps\""})
    EXPECT_NE(message.find(said), std::string::npos) << message;
}

const std::string kResultHeader =
    "douyinId,source,uid,endMonthTime,isRenew,result,result_status,result_message,result_order_id,result_start_time,"
    "result_end_time,result_row,result_attempts,result_request,result_at\n";

std::string row_with_result(std::uint64_t uid, std::string_view outcome) {
  return fmt::format("abc,CMCC,{},2031-12,false,{},,,,,,2,0,,\n", uid, outcome);
}

TEST_F(SurveyTest, RowsOfAResultsFileThatWerePlacedBeforeAreCountedAndTakenLikeAnyOther) {
  for (const auto* outcome : {"accepted", "accepted_earlier", "duplicate"}) {
    const auto found = surveyed(kResultHeader + row_with_result(11, "refused") + row_with_result(12, outcome));
    EXPECT_EQ(found.warnings.size(), 1) << outcome;
    EXPECT_EQ(heard.valid_rows, (Rows{1, 2})) << "result columns are ignored on input";
  }
  EXPECT_EQ(surveyed(R"([{"uid":"11","douyinId":"a","source":"CMCC","endMonthTime":"2031-12","isRenew":false,
    "result":{"outcome":"accepted","status":1,"message":"","order_id":"","start_time":"","end_time":"","row":1,
    "attempts":1,"request":"","at":""}}])")
                .warnings.size(),
            1);
}

TEST_F(SurveyTest, AFailuresOrInDoubtFileSpeaksOfNothingPlaced) {
  for (const auto* outcome : {"refused", "invalid", "failed", "not_sent", "in_doubt"}) {
    EXPECT_EQ(surveyed(kResultHeader + row_with_result(11, outcome)).warnings.size(), 0) << outcome;
    EXPECT_EQ(heard.valid_rows, Rows{1}) << outcome;
  }
}

TEST_F(SurveyTest, TheSameOrderSpelledOtherwiseIsADuplicateAndAnotherEndIsNot) {
  surveyed(kHeader + "abc,联通,11,2031-12,false\nabc,China Unicom,11,2031/12,no\nabc,联通,11,2031-11,false\n");
  EXPECT_EQ(heard.valid_rows, (Rows{1, 3}));
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].row, 2);
}

TEST_F(SurveyTest, AnInvalidRowHasNoDuplicates) {
  surveyed(kHeader + row(11, "soon") + row(11, "soon"));
  ASSERT_EQ(heard.results.size(), 2);
  EXPECT_EQ(heard.results[1].outcome, Outcome::invalid);
}

ports::Doubt doubt_of(const orders::Order& order, std::string body) {
  return {
      .order_hash = order.hash(), .order = std::move(body), .job = {.day = 20240110, .n = 2}, .row = 5, .since = kNoon};
}

TEST_F(SurveyTest, AnOrderInDoubtElsewhereIsInDoubtItselfAndNamesThatJob) {
  const auto order = order_of(11);
  surveyed(kHeader + row(11) + row(12), {doubt_of(order, orders::body(std::span(&order, 1)))});
  EXPECT_EQ(heard.valid_rows, Rows{2});
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].outcome, Outcome::in_doubt);
  EXPECT_TRUE(heard.said(0).contains("20240110-2"));
}

TEST_F(SurveyTest, AnOrderThatWasFoundToHaveBeenAppliedIsADuplicateAndOneThatWasNotMayBeSent) {
  const auto order = order_of(11);
  auto doubt = doubt_of(order, orders::body(std::span(&order, 1)));
  doubt.looked_up = ports::LookedUp::applied;
  surveyed(kHeader + row(11), {doubt});
  EXPECT_EQ(heard.valid_rows, Rows{});
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].outcome, Outcome::duplicate);
  doubt.looked_up = ports::LookedUp::not_applied;
  surveyed(kHeader + row(11), {doubt});
  EXPECT_EQ(heard.valid_rows, Rows{1});
}

TEST_F(SurveyTest, ADoubtIsComparedInFullNotByItsHash) {
  const auto other = order_of(99);
  surveyed(kHeader + row(11), {doubt_of(order_of(11), orders::body(std::span(&other, 1)))});
  EXPECT_EQ(heard.valid_rows, Rows{1});
}

TEST_F(SurveyTest, AUtf8FileWithACutCharacterIsNotTakenForGb18030) {
  const std::string header = "orderId,oldUid,newUid,newDouyinId,newNickname,executeTime\n";
  const std::string nickname = "快乐旅行美食家族";
  const auto cut = header + "1,2,3,abc,美食主播,2031-12-01\n4,5,6,abc," + nickname.substr(0, 20) + ",2031-12-01\n";
  EXPECT_NE(rejected(cut).find("is not UTF-8 text"), std::string::npos);
}

TEST_F(SurveyTest, WhatIsNotUtf8IsReadAsGb18030AndToldAnew) {
  const auto file = surveyed("douyinId,source,uid,endMonthTime,isRenew\nabc,\xc1\xaa\xcd\xa8,11,2031-12,false\n");
  EXPECT_EQ(file.format.encoding, text::Encoding::gb18030);
  EXPECT_EQ(heard.encodings.back(), text::Encoding::gb18030);
  EXPECT_EQ(heard.valid_rows, Rows{1});
  EXPECT_FALSE(file.ascii);
}

TEST_F(SurveyTest, WhatBecomesUndecodableLateIsReadFromTheBeginning) {
  std::string bytes = kHeader.substr(0, kHeader.size() - 1) + ",remark\n";
  for (std::uint64_t uid = 1; uid <= 10'000; ++uid)
    bytes += fmt::format("abc,10010,{},2031-12,false,nothing\n", 5000 + uid);
  bytes += "abc,\xd2\xc6\xb6\xaf,1,2031-12,false,\xd4\xc6\n";  // 移动, 云
  surveyed(bytes);
  EXPECT_EQ(heard.encodings, (std::vector{text::Encoding::utf8, text::Encoding::gb18030}));
  EXPECT_EQ(heard.valid_rows.size() + heard.results.size(), 10'001);
  EXPECT_EQ(heard.valid_rows.back(), 10'001);
}

TEST_F(SurveyTest, BytesThatAreNoTextAreRejectedInTheWordsOfTheFirstTry) {
  const auto reason = rejected(kHeader + "abc,\xff\xff,11,2031-12,false\n");
  EXPECT_NE(reason.find("Line 2"), std::string::npos) << reason;
  EXPECT_NE(reason.find("UTF-8"), std::string::npos) << reason;
}

TEST_F(SurveyTest, ADamagedColumnShowsOnlyAtItsEndAndMakesAllItsLongNumbersInvalid) {
  const auto file = surveyed(kHeader + row(1234567890123450) + row(2234567890123450) + row(77) + row(3234567890123450));
  EXPECT_EQ(file.rows, 4);
  EXPECT_EQ(heard.encodings.size(), 2) << "read twice";
  EXPECT_EQ(heard.valid_rows, Rows{3});
  ASSERT_EQ(heard.results.size(), 3);
  EXPECT_TRUE(heard.said(0).contains("spreadsheet"));
}

TEST_F(SurveyTest, OneHonestLongNumberSavesItsColumn) {
  surveyed(kHeader + row(1234567890123450) + row(2234567890123450) + row(3234567890123457));
  EXPECT_EQ(heard.valid_rows, (Rows{1, 2, 3}));
  EXPECT_EQ(heard.encodings.size(), 1);
}

TEST_F(SurveyTest, AFileIsRejectedInBothLanguages) {
  for (const auto* file : {"a,b\n1,2\n", "甲,乙\n1,2\n", "", "[{\"a\" 1}]", "抖音号,用户ID\n\"abc,1\n"}) {
    const auto reason = rejected(file);
    const auto english = text::in(text::Lang::en, reason);
    const auto chinese = text::in(text::Lang::zh, reason);
    EXPECT_FALSE(english.contains("。") || english.contains('\n')) << reason;
    EXPECT_TRUE(chinese.contains("。") && !chinese.contains('\n')) << reason;
  }
}

TEST_F(SurveyTest, AQuoteThatNeverClosesRejectsTheWholeFileNamingItsLine) {
  const auto reason = rejected(kHeader + row(11) + "\"abc,联通,12,2031-12,false\n");
  EXPECT_NE(reason.find("Line 3"), std::string::npos) << reason;
}

TEST_F(SurveyTest, JsonIsReadObjectByObject) {
  const auto file = surveyed(R"([{"uid":"11","douyinId":"a","source":"联通","endMonthTime":"2031-12","isRenew":false},
    {"isRenew":true,"endMonthTime":"2031-12","source":"联通","douyinId":"b","uid":12},{"uid":"13"}])");
  EXPECT_EQ(file.rows, 3);
  EXPECT_EQ(heard.uids, (std::vector<std::string>{"11", "12"}));
  ASSERT_EQ(heard.results.size(), 1);
  EXPECT_EQ(heard.results[0].row, 3);
}

/// An order of each service as JSON members, and a file of these orders in each shape that JSON may have.
const std::string kCreateJson = R"("uid":"11","douyinId":"a","endMonthTime":"2031-12","isRenew":false)";
const std::string kSourceJson = R"("source":"CMCC")";
const std::string kModifyJson =
    R"("orderId":"1","oldUid":"2","newUid":"3","newDouyinId":"b","executeTime":"2031-12-01")";

std::vector<std::string> shapes(const std::vector<std::string>& orders, std::string_view wrapper = "packOrder") {
  const auto list = fmt::format("{{{}}}", fmt::join(orders, "},\n{"));
  return {"[" + list + "]", fmt::format("{{\"{}\":[{}]}}", wrapper, list),
          fmt::format("{{{}}}\n", fmt::join(orders, "}\n{"))};
}

TEST_F(SurveyTest, JsonWhoseOrdersFitNeitherServiceOrBothIsRejectedInEveryShape) {
  for (const auto& file : shapes({kCreateJson, kCreateJson + R"(,"sourec":"CMCC")"}))
    EXPECT_NE(rejected(file).find("Not known: sourec (source?). Missing, by service: create: ISP(source);"),
              std::string::npos)
        << file;
  for (const auto& file : shapes({kCreateJson + "," + kSourceJson, kModifyJson}))
    EXPECT_NE(rejected(file).find("several services at once (create, modify)"), std::string::npos) << file;
}

TEST_F(SurveyTest, JsonInTheOtherServicesWrapperIsRejected) {
  EXPECT_NE(rejected(shapes({kCreateJson + "," + kSourceJson}, "modifyOrders")[1]).find("into \"packOrder\""),
            std::string::npos);
  EXPECT_NE(rejected(shapes({kModifyJson})[1]).find("into \"modifyOrders\""), std::string::npos);
}

TEST_F(SurveyTest, JsonWhoseServiceShowsOnlyLateIsReadAnewAndToldAnew) {
  std::vector<std::string> orders(10'000,
                                  R"("uid":"1","douyinId":"a","remark":"nothing of use, and quite a lot of it")");
  orders.push_back(kModifyJson);
  for (const auto& file : shapes(orders, "modifyOrders")) {
    heard = {};
    EXPECT_EQ(surveyed(file).service, orders::ServiceId::modify);
    EXPECT_EQ(heard.valid_rows, Rows{10'001});
    EXPECT_EQ(heard.results.size(), 10'000);
  }
}

TEST_F(SurveyTest, AFileThatChangesWhileItIsReadIsAnErrorNotAVerdict) {
  MemoryFile file(kHeader + row(11));
  file.change_at(0);
  const auto verdict = look(file);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().kind, ErrorKind::changed);
}

TEST_F(SurveyTest, WhatTheSinkCannotTakeEndsTheSurvey) {
  heard.breath = fail(ErrorKind::no_space, "full");
  MemoryFile file(kHeader + row(11));
  const auto verdict = look(file);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().kind, ErrorKind::no_space);
}

}  // namespace
}  // namespace sluice::pipeline
