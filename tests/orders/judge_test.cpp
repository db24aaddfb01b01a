#include <fmt/format.h>
#include <gmock/gmock.h>

#include "orders/sample.hpp"
#include "orders/vocabulary.hpp"

namespace sluice::orders {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using text::Word;

TEST(Judge, TakesTheExamplesOfTheApisPages) {
  const auto create = Row::create().judged();
  ASSERT_TRUE(create) << text::say_all(text::Lang::en, create.error());
  EXPECT_THAT(create->warnings, IsEmpty());
  const auto modify = Row::modify().judged();
  ASSERT_TRUE(modify) << text::say_all(text::Lang::en, modify.error());
  EXPECT_THAT(modify->warnings, IsEmpty());
  EXPECT_EQ(modify->order.key(), "17872308245801546");
}

TEST(Judge, NamesTheColumnAsTheFileSpellsIt) {
  const std::vector<std::string> header = {"抖音号", "运营商", "用户ID", "到期月份", "是否续费"};
  const std::vector<Value> values = {{"abc"}, {"铁通"}, {"94"}, {"2024-03"}, {"是"}};
  const auto judged = judge(map_columns(header, {}).value(), values, {.now = kNow});
  ASSERT_FALSE(judged);
  EXPECT_THAT(text::say_all(text::Lang::zh, judged.error()), AllOf(HasSubstr("“运营商”"), HasSubstr("“铁通”")));
}

TEST(Judge, WantsEveryRequiredValueAndNoOptionalOne) {
  for (const auto* column : {"douyinId", "source", "uid", "endMonthTime", "isRenew"})
    for (const auto* empty : {"", "  ", "\t", "　", "'", "=\"\""})
      EXPECT_EQ(word(Row::create().with(column, empty).judged()), Word::value_missing)
          << column << " [" << empty << "]";
  for (const auto* column : {"newUid", "executeTime", "orderId", "oldUid", "newDouyinId"})
    EXPECT_EQ(word(Row::modify().with(column, "").judged()), Word::value_missing) << column;
  for (const auto* column : {"province", "nickname"}) {
    EXPECT_EQ(Row::create().with(column, " ").value(column), "-");
    EXPECT_EQ(Row::create().with(column, "null", ValueKind::null).value(column), "-");
  }
}

TEST(Judge, TellsAnEmptyRowFromAMissingValue) {
  std::vector<Value> values(kCreateHeader.size(), Value{""});
  EXPECT_EQ(word(judge(Row::create().mapping(), values, {.now = kNow})), Word::row_is_empty);
}

TEST(Judge, ReadsAShortRowAsMissingItsLastCells) {
  EXPECT_TRUE(Row::create().cut(6).judged());
  EXPECT_EQ(word(Row::create().cut(5).judged()), Word::value_missing);
}

TEST(Judge, RefusesCellsBeyondTheHeaderNamingThemUnlessTheyAreEmpty) {
  EXPECT_TRUE(Row::create().plus("").plus(" ").judged());
  const auto judged = Row::create().plus("spare").plus("").plus("more").judged();
  ASSERT_FALSE(judged);
  EXPECT_EQ(word(judged), Word::cells_beyond_header);
  EXPECT_THAT(text::say_all(text::Lang::en, judged.error()),
              AllOf(HasSubstr("10 cells"), HasSubstr("7 columns"), HasSubstr("\"spare\""), HasSubstr("\"more\"")));
}

TEST(Judge, KeepsTheWordsOfAHundredCellsBeyondTheHeaderShort) {
  Row row = Row::create();
  for (int i = 0; i < 100; ++i) row = row.plus(std::string(1000, 'x'));
  EXPECT_LT(text::say_all(text::Lang::en, row.judged().error()).size(), 500U);
}

TEST(Judge, TellsATotalsRowByItsWordAndItsMissingKey) {
  for (const auto* total : {"合计", "合计：", "总计 12", "Total", "TOTAL:", "Grand Total", "小计"}) {
    EXPECT_EQ(word(Row::create().with("douyinId", total).with("uid", "").judged()), Word::row_is_totals) << total;
    EXPECT_EQ(word(Row::modify().with("newNickname", total).with("orderId", " ").judged()), Word::row_is_totals);
  }
  EXPECT_TRUE(Row::create().with("nickname", "合计").judged()) << "it has its key";
  EXPECT_EQ(word(Row::create().with("nickname", "Tom").with("uid", "").judged()), Word::value_missing);
}

TEST(Judge, SaysAllThatIsWrongWithARowTheFirstFieldFirst) {
  const auto row = Row::create().with("source", "Vodafone").with("uid", "").with("endMonthTime", "2019-01");
  const auto judged = row.with("isRenew", "perhaps").judged();
  ASSERT_FALSE(judged);
  std::vector<Word> words;
  for (const auto& fault : judged.error()) words.push_back(fault.word);
  EXPECT_THAT(words, ElementsAre(Word::isp_unknown, Word::value_missing, Word::end_not_after_activation,
                                 Word::boolean_unknown));
  EXPECT_THAT(text::say_all(text::Lang::zh, judged.error()), HasSubstr("请更正；“uid”为必填项"));
}

// Networks, provinces, yes and no.

TEST(Judge, TakesNetworksByAlias) {
  for (const auto& [written, wire] : std::vector<std::pair<std::string, std::string>>{{"联通", "联通"},
                                                                                      {"中国联通", "联通"},
                                                                                      {"China Unicom", "联通"},
                                                                                      {"china-unicom", "联通"},
                                                                                      {"ＣＵＣＣ", "联通"},
                                                                                      {" 移动宽带 ", "移动"},
                                                                                      {"CMCC", "移动"},
                                                                                      {"'电信", "电信"},
                                                                                      {"=\"DX\"", "电信"},
                                                                                      {"chinanet", "电信"}})
    EXPECT_EQ(Row::create().with("source", written).value("source"), wire) << written;
}

TEST(Judge, RefusesNetworksTheApiDoesNotServeByName) {
  for (const auto* written : {"广电", "CBN", "铁通", "CERNET", "长城宽带", "歌华"})
    EXPECT_EQ(word(Row::create().with("source", written).judged()), Word::isp_unsupported) << written;
  EXPECT_EQ(word(Row::create().with("source", "Vodafone").judged()), Word::isp_unknown);
}

TEST(Judge, TakesEveryWayToWriteAProvince) {
  for (const auto& [written, wire] : std::vector<std::pair<std::string, std::string>>{{"GD", "粤"},
                                                                                      {"广东省", "粤"},
                                                                                      {"广东", "粤"},
                                                                                      {"guangdong", "粤"},
                                                                                      {"44", "粤"},
                                                                                      {"粤", "粤"},
                                                                                      {"内蒙", "蒙"},
                                                                                      {"Inner Mongolia", "蒙"},
                                                                                      {"广西自治区", "桂"},
                                                                                      {"广西省", "桂"},
                                                                                      {"新疆自治区", "新"},
                                                                                      {"陜西", "陕"},
                                                                                      {"陜西省", "陕"},
                                                                                      {"内蒙自治区", "蒙"},
                                                                                      {"shaanxi", "陕"},
                                                                                      {"HEN", "豫"},
                                                                                      {"HE", "冀"},
                                                                                      {"北京市", "京"},
                                                                                      {"Tibet", "藏"}})
    EXPECT_EQ(Row::create().with("province", written).value("province"), wire) << written;
  EXPECT_EQ(Row::create().with("province", "44", ValueKind::number).value("province"), "粤");
}

TEST(Judge, TakesEveryProvinceByItsOwnNames) {
  for (const auto& province : provinces()) {
    for (const auto written : {province.wire, province.name, province.brief, province.gb}) {
      EXPECT_EQ(Row::create().with("province", written).value("province"), province.wire) << written;
    }
  }
  EXPECT_EQ(provinces().size(), 34U);
}

TEST(Judge, RefusesAmbiguousProvincesSayingWhatTheyCouldMean) {
  struct Ambiguous {
    std::string_view written;
    std::string_view english;
    std::string_view chinese;
  };
  for (const auto& [written, english, chinese] :
       std::vector<Ambiguous>{{"HN", "Hunan, Henan, Hainan", "湖南、河南、海南"},
                              {"hb", "Hubei, Hebei", "湖北、河北"},
                              {"SX", "Shanxi, Shaanxi", "山西、陕西"},
                              {"Shan Xi", "Shanxi, Shaanxi", "山西、陕西"},
                              {"GZ", "Guizhou, the city of Guangzhou", "贵州、广州市"},
                              {"HA", "Henan", "河南"}}) {
    const auto judged = Row::create().with("province", written).judged();
    ASSERT_EQ(word(judged), Word::province_ambiguous) << written;
    EXPECT_THAT(text::say_all(text::Lang::en, judged.error()), HasSubstr(english));
    EXPECT_THAT(text::say_all(text::Lang::zh, judged.error()), HasSubstr(chinese));
  }
  EXPECT_EQ(word(Row::create().with("province", "Bavaria").judged()), Word::province_unknown);
}

TEST(Judge, TakesUnverifiedProvincesWithAWarning) {
  for (const auto* written : {"台湾", "Hong Kong", "澳门特别行政区"})
    EXPECT_THAT(warnings(Row::create().with("province", written)), ElementsAre(Word::warn_province_unverified));
}

TEST(Judge, ReadsYesAndNoInEveryForm) {
  for (const auto* yes : {"true", "TRUE", "1", "Y", "是", "续费", "√", "on", " yes "})
    EXPECT_EQ(Row::create().with("isRenew", yes).value("isRenew"), "true") << yes;
  for (const auto* no : {"false", "0", "N", "否", "不续费", "×", "OFF"})
    EXPECT_EQ(Row::create().with("isRenew", no).value("isRenew"), "false") << no;
  EXPECT_EQ(Row::create().with("isRenew", "true", ValueKind::boolean).value("isRenew"), "true");
  EXPECT_EQ(Row::create().with("isRenew", "0", ValueKind::number).value("isRenew"), "false");
  EXPECT_EQ(word(Row::create().with("isRenew", "maybe").judged()), Word::boolean_unknown);
}

// Dates.

TEST(Judge, WritesDatesPaddedInTheFormGiven) {
  EXPECT_EQ(Row::create().with("endMonthTime", "２０２４年３月").value("endMonthTime"), "2024-03");
  EXPECT_EQ(Row::create().with("endMonthTime", "2024/3/1").value("endMonthTime"), "2024-03-01");
  EXPECT_EQ(Row::create().with("endMonthTime", "2024-03-01 00:00:00").value("endMonthTime"), "2024-03-01");
  EXPECT_EQ(Row::modify().with("executeTime", "2024/1/20").value("executeTime"), "2024-01-20");
}

TEST(Judge, SaysHowToFormatAColumnOfDates) {
  EXPECT_THAT(Row::create().with("endMonthTime", "45323").value("endMonthTime"),
              AllOf(HasSubstr("serial number"), HasSubstr("2024-02-01"), HasSubstr("YYYY-MM")));
  EXPECT_EQ(word(Row::create().with("endMonthTime", "45323", ValueKind::number).judged()), Word::date_serial);
  EXPECT_EQ(word(Row::create().with("endMonthTime", "Feb-24").judged()), Word::date_month_name);
  EXPECT_EQ(word(Row::create().with("endMonthTime", "2024-02-30").judged()), Word::date_not_in_calendar);
  EXPECT_EQ(word(Row::create().with("endMonthTime", "2024-02-28 13:00").judged()), Word::date_with_time);
  EXPECT_EQ(word(Row::create().with("endMonthTime", "next year").judged()), Word::date_unreadable);
  EXPECT_EQ(word(Row::modify().with("executeTime", "2024-02").judged()), Word::date_needs_day);
}

TEST(Judge, WantsTheEndAfterTheDayOfActivation) {
  const auto noon = at(2024, 1, 15);         // active on the 16th
  const auto evening = at(2024, 1, 15, 18);  // on the 17th
  const auto end = [](std::string_view date, WallTime now) {
    return word(Row::create().with("endMonthTime", date).judged(now));
  };
  EXPECT_EQ(end("2024-01-16", noon), Word::end_not_after_activation);
  EXPECT_EQ(end("2024-01-17", noon), std::nullopt);
  EXPECT_EQ(end("2024-01-17", evening), Word::end_not_after_activation);
  EXPECT_EQ(end("2024-01-18", evening), std::nullopt);
  EXPECT_EQ(end("2024-01", noon), std::nullopt);
  EXPECT_EQ(end("2024-01", at(2024, 1, 29, 18)), Word::end_not_after_activation);
  EXPECT_EQ(end("2024-01", at(2024, 1, 29, 16)), std::nullopt);
  EXPECT_EQ(end("2023-12", noon), Word::end_not_after_activation);
}

TEST(Judge, WantsTheDayOfExecutionTodayOrLater) {
  const auto execute = [](std::string_view date, WallTime now) {
    return word(Row::modify().with("executeTime", date).judged(now));
  };
  EXPECT_EQ(execute("2024-01-14", kNow), Word::execute_date_past);
  EXPECT_EQ(execute("2024-01-15", kNow), std::nullopt);
  EXPECT_EQ(execute("2024-01-15", at(2024, 1, 15, 23, 59, 59)), std::nullopt);
  EXPECT_EQ(execute("2024-01-15", at(2024, 1, 16, 0, 0, 0)), Word::execute_date_past);
}

TEST(JudgeDates, FindsAnOrderThatGrewOldWhileItWaited) {
  const Order create = Row::create().with("endMonthTime", "2024-01-17").order();
  EXPECT_FALSE(judge_dates(create, kNow));
  EXPECT_EQ(judge_dates(create, at(2024, 1, 15, 17))->word, Word::end_not_after_activation);
  const Order modify = Row::modify().with("executeTime", "2024-01-15").order();
  EXPECT_FALSE(judge_dates(modify, kNow));
  EXPECT_EQ(judge_dates(modify, at(2024, 1, 16, 0))->word, Word::execute_date_past);
}

// Text.

TEST(Judge, LeavesNicknamesAsTheyAreWritten) {
  for (const auto* nickname : {"ＡＢＣ　１２３", "'quoted'", "ﬁsh ①", "1.78723E+16", "<b>&</b>", "👨‍👩‍👧"})
    EXPECT_EQ(Row::create().with("nickname", nickname).value("nickname"), nickname);
  EXPECT_EQ(Row::create().with("nickname", "\t name ").value("nickname"), "name");
  EXPECT_EQ(Row::create().with("nickname", "=\"12345\"").value("nickname"), "12345");
  EXPECT_EQ(Row::create().with("nickname", "12345", ValueKind::number).value("nickname"), "12345");
}

TEST(Judge, RefusesControlCharactersBrokenTextAndAbsurdLength) {
  EXPECT_EQ(word(Row::create().with("nickname", "a\nb").judged()), Word::control_character);
  EXPECT_EQ(word(Row::create().with("nickname", std::string_view("a\0b", 3)).judged()), Word::control_character);
  EXPECT_EQ(word(Row::create().with("nickname", "a\xC2\x85z").judged()), Word::control_character);
  EXPECT_EQ(word(Row::create().with("douyinId", "a\tb").judged()), Word::control_character);
  EXPECT_EQ(word(Row::create().with("nickname", "\xC1\xAA").judged()), Word::value_not_text);
  EXPECT_EQ(word(Row::create().with("nickname", std::string(257, 'x')).judged()), Word::value_too_long);
  EXPECT_EQ(word(Row::create().with("douyinId", std::string(257, 'x')).judged()), Word::value_too_long);
  const auto judged = Row::create().with("uid", std::string(60000, '9')).judged();
  EXPECT_EQ(word(judged), Word::id_not_digits);
  EXPECT_LT(text::say_all(text::Lang::en, judged.error()).size(), 400U);
}

TEST(Judge, OnlyWarnsOfWhatTheApisLimitsMayBe) {
  std::string twenty;
  for (int i = 0; i < 20; ++i) twenty += "名";
  EXPECT_THAT(warnings(Row::create().with("nickname", twenty)), IsEmpty());
  EXPECT_THAT(warnings(Row::create().with("nickname", twenty + "名")), ElementsAre(Word::warn_nickname_long));
  EXPECT_THAT(warnings(Row::create().with("douyinId", "a b")), ElementsAre(Word::warn_douyin_id_odd));
  EXPECT_THAT(warnings(Row::create().with("douyinId", "A-b_c.9")), IsEmpty());
  EXPECT_THAT(warnings(Row::modify().with("newUid", "72589073778")), ElementsAre(Word::warn_same_value));
}

// JSON.

TEST(Judge, RefusesJsonValuesThatAreNoText) {
  EXPECT_EQ(word(Row::create().with("uid", "{\"a\":1}", ValueKind::nested).judged()), Word::value_nested);
  EXPECT_EQ(word(Row::create().with("isRenew", "[]", ValueKind::nested).judged()), Word::value_nested);
  EXPECT_EQ(word(Row::create().with("uid", "true", ValueKind::boolean).judged()), Word::value_is_boolean);
  EXPECT_EQ(word(Row::create().with("uid", "null", ValueKind::null).judged()), Word::value_missing);
}

TEST(Judge, NeverTakesABooleanForANickname) {
  for (const auto* literal : {"true", "false"})
    EXPECT_EQ(word(Row::modify().with("newNickname", literal, ValueKind::boolean).judged()), Word::value_is_boolean);
  EXPECT_EQ(Row::modify().with("newNickname", "null", ValueKind::null).value("newNickname"), "-");
}

// docs/api.md, Local checks: what stands in a cell in place of its value.

TEST(Values, OfAProgramThatHasNoneAreMissing) {
  for (const auto* none : {"NULL", "null", "nan", "None", "N/A", " NULL "}) {
    const auto row = Row::create().with("nickname", none).with("province", none);
    EXPECT_EQ(row.value("nickname"), "-") << none;
    EXPECT_EQ(row.value("province"), "-") << none;
    EXPECT_THAT(warnings(row), ElementsAre(Word::warn_placeholder, Word::warn_placeholder)) << none;
    EXPECT_EQ(word(Row::create().with("douyinId", none).judged()), Word::placeholder_required) << none;
  }
  EXPECT_EQ(Row::create().with("nickname", "Nancy").value("nickname"), "Nancy");
  EXPECT_EQ(Row::create().with("nickname", "NULL 1").value("nickname"), "NULL 1");
}

TEST(Values, ThatAreAMarkOfAnErrorAreInvalid) {
  for (const auto* error : {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "\\N", "'#REF!",
                            "`'#N/A", "＃ＲＥＦ！", "　'#NUM!"})
    for (const auto* column : {"nickname", "douyinId", "province", "uid", "endMonthTime"})
      EXPECT_EQ(word(Row::create().with(column, error).judged()), Word::value_is_error) << column << error;
}

TEST(Values, ThatLostACharacterAreInvalid) {
  for (const auto* lost : {"小\uFFFD\uFFFD", "zh\uFFFDng70", "李\uE001", "a\U000F0000", "\U0010FFFD"})
    for (const auto* column : {"nickname", "douyinId", "source"})
      EXPECT_EQ(word(Row::create().with(column, lost).judged()), Word::value_lost) << column << lost;
  EXPECT_EQ(Row::create().with("nickname", "豈👨‍👩‍👧ﬁ").value("nickname"), "豈👨‍👩‍👧ﬁ")
      << "near them, and whole";
}

TEST(Values, ThatABacktickProtectsComeWithoutIt) {
  const auto row = Row::create().with("douyinId", "`dy701").with("source", "`电信").with("nickname", "`小红");
  EXPECT_EQ(row.value("douyinId"), "dy701");
  EXPECT_EQ(row.value("source"), "电信");
  EXPECT_EQ(row.value("nickname"), "小红");
}

TEST(Values, InRadicalsAreReadAsTheCharactersTheyStandFor) {
  EXPECT_EQ(Row::create().with("province", "⻘海").value("province"), "青");
  EXPECT_EQ(Row::create().with("province", "⿊⻰江").value("province"), "黑");
  EXPECT_EQ(Row::create().with("province", "江⻄").value("province"), "赣");
}

TEST(Values, OfATableMayBeWrittenAsFloatingPointNumbers) {
  EXPECT_EQ(Row::create().with("isRenew", "1.0").value("isRenew"), "true");
  EXPECT_EQ(Row::create().with("isRenew", "0.0", ValueKind::number).value("isRenew"), "false");
}

TEST(DouyinIds, ThatASpreadsheetMadeADateOrATruthValueAreWarnedOf) {
  for (const auto* odd : {"TRUE", "False", "2024-03-05", "2024/3/5", "5-Mar", "Mar-24", "2024/3/5 8:00"})
    EXPECT_THAT(warnings(Row::create().with("douyinId", odd)), ElementsAre(Word::warn_douyin_id_spreadsheet)) << odd;
  for (const auto* name : {"zhangjun88", "mark-24", "dec01", "45323", "2024-03"})
    EXPECT_THAT(warnings(Row::create().with("douyinId", name)), IsEmpty()) << name;
}

TEST(ColumnWatch, WarnsWhereEveryEndIsTheFirstOfAMonth) {
  const auto warned = [](const std::vector<std::string>& ends) {
    ColumnWatch watch;
    for (const auto& end : ends) {
      const auto row = Row::create().with("endMonthTime", end);
      watch.see(row.mapping(), row.values());
    }
    return !watch.warnings().empty();
  };
  EXPECT_TRUE(warned({"2027/3/1", "2027/4/1", "2027-05-01"}));
  EXPECT_FALSE(warned({"2027/3/1", "2027/4/1"})) << "too few";
  EXPECT_FALSE(warned({"2027/3/1", "2027/4/1", "2027/5/1", "2027/5/2"}));
  EXPECT_FALSE(warned({"2027-03", "2027-04", "2027-05"}));
  EXPECT_FALSE(warned({"2027/3/1", "2027/4/1", "2027/5/1", "2027-06"})) << "months are known here";
}

}  // namespace
}  // namespace sluice::orders
