#include "sluice/orders/mapping.hpp"

#include <gmock/gmock.h>

#include <algorithm>

#include "orders/columns.hpp"

namespace sluice::orders {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using text::Lang;
using text::Word;
using Names = std::vector<std::string>;

constexpr std::array<std::string_view, 2> kOurs = {"result", "result_status"};

std::string words(const text::Message& message, Lang lang = Lang::en) {
  return text::say(lang, message);
}

/// The fields a header's columns are read as: "uid", "" for carried, "!" for ours.
Names read(const Names& header) {
  const auto mapping = map_columns(header, kOurs);
  if (!mapping) return {words(mapping.error())};
  Names fields;
  for (const int f : mapping->field_of_column)
    fields.emplace_back(f >= 0 ? service(mapping->service).fields[static_cast<std::size_t>(f)].name
                               : (f == kResult ? "!" : ""));
  return fields;
}

TEST(MapColumns, TellsTheServiceByItsRequiredColumns) {
  EXPECT_EQ(map_columns(Names{"douyinId", "endMonthTime", "isRenew", "source", "uid"}, {})->service, ServiceId::create);
  EXPECT_EQ(map_columns(Names{"executeTime", "newDouyinId", "newUid", "oldUid", "orderId"}, {})->service,
            ServiceId::modify);
}

TEST(MapColumns, ReadsChineseHeadersAndThenSpeaksChinese) {
  const Names header = {"抖音号", "运营商", "用户ID", "省份", "到期月份", "是否续费", "昵称"};
  EXPECT_THAT(read(header),
              ElementsAre("douyinId", "source", "uid", "province", "endMonthTime", "isRenew", "nickname"));
  EXPECT_EQ(map_columns(header, {})->lang, Lang::zh);
  EXPECT_THAT(read({"新UID", "执行日期", "订单号", "原UID", "新抖音号", "新昵称"}),
              ElementsAre("newUid", "executeTime", "orderId", "oldUid", "newDouyinId", "newNickname"));
  EXPECT_EQ(map_columns(Names{"douyinId", "endMonthTime", "isRenew", "source", "uid"}, {})->lang, Lang::en);
}

TEST(MapColumns, ComparesNamesWithoutCaseWidthBlanksAndHyphens) {
  EXPECT_THAT(read({"\xEF\xBB\xBF DOUYIN_ID ", "　ＵＩＤ", "End-Month Time", "is renew", "ISP"}),
              ElementsAre("douyinId", "uid", "endMonthTime", "isRenew", "source"));
}

TEST(MapColumns, ReadsHeadersUnderTheirDecoration) {
  EXPECT_THAT(
      read({"*用户ID", "抖音号*", "* 运营商 ：", "省份（选填）", "到期时间(YYYY-MM)【必填】", "＊是否续费[是/否]"}),
      ElementsAre("uid", "douyinId", "source", "province", "endMonthTime", "isRenew"));
  EXPECT_THAT(
      read({"抖音号(douyinId)", "运营商(source)", "用户ID(uid)", "结束时间(endMonthTime)", "是否续费(isRenew)"}),
      ElementsAre("douyinId", "source", "uid", "endMonthTime", "isRenew"));
  EXPECT_THAT(
      read({"uid", "douyinId", "source", "endMonthTime", "isRenew", "昵称(uid)", "备注(nickname)", "(nickname)"}),
      ElementsAre("uid", "douyinId", "source", "endMonthTime", "isRenew", "", "", ""))
      << "where note and name differ, it means neither";
}

TEST(MapColumns, ReadsTheVeryHeadersThatItsOwnAdviceWrites) {
  for (const auto& table : services()) {
    Names header;
    for (const auto& field : table.fields) header.push_back(label(field, Lang::zh));
    const auto mapping = map_columns(header, {});
    ASSERT_TRUE(mapping) << words(mapping.error());
    EXPECT_EQ(mapping->service, table.id);
  }
}

TEST(MapColumns, RefusesADayOfEffectUnderItsDecorationToo) {
  EXPECT_EQ(map_columns(Names{"*生效日期(executeTime)", "newUid"}, {}).error().word, Word::header_means_otherwise);
}

TEST(MapColumns, KnowsEveryAliasOfEveryField) {
  for (const auto& table : services()) {
    for (std::size_t f = 0; f < table.fields.size(); ++f) {
      for (const auto alias : table.fields[f].aliases) {
        Names header;
        for (const auto& field : table.fields) header.emplace_back(field.name);
        header[f] = alias;
        const auto mapping = map_columns(header, {});
        ASSERT_TRUE(mapping) << alias << ": " << words(mapping.error());
        EXPECT_EQ(mapping->service, table.id) << alias;
        EXPECT_EQ(mapping->field_of_column[f], static_cast<int>(f)) << alias;
      }
    }
  }
}

TEST(MapColumns, CarriesWhatItDoesNotKnowAndIgnoresOurOwnColumns) {
  EXPECT_THAT(read({"备注", "uid", "douyinId", "source", "isRenew", "endTime", "result", "Result", "orderId", ""}),
              ElementsAre("", "uid", "douyinId", "source", "isRenew", "endMonthTime", "!", "", "", ""));
}

TEST(MapColumns, RefusesNeitherServiceNamingWhatEachMisses) {
  const auto mapping = map_columns(Names{"uid", "douyinId", "source", "备注"}, {});
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().word, Word::no_service);
  EXPECT_THAT(words(mapping.error(), Lang::zh),
              HasSubstr("已有：uid, douyinId, source。不认得：备注。各业务还缺：create: 结束时间(endMonthTime), "
                        "是否续费(isRenew); modify: 新UID(newUid), 执行时间(executeTime)"));
}

TEST(MapColumns, ListsUnknownNamesWithTheHeaderThatWasMostLikelyMeant) {
  const auto of = [](const Names& header) { return words(map_columns(header, kOurs).error()); };
  EXPECT_THAT(of({"douyinId", "uid", "sourec", "isRenew", "ednMonthTime", "remark", "", "result"}),
              HasSubstr("Not known: sourec (source?), ednMonthTime (endMonthTime?), remark. Missing"));
  EXPECT_THAT(of({"用户ID", "抖音", "运营", "结束日期", "是否续费", "备注", "电话"}),
              HasSubstr("Not known: 抖音 (抖音号?), 运营 (运营商?), 结束日期 (结束时间?), 备注, 电话. Missing"));
  EXPECT_THAT(of({"dou yin", "user"}), HasSubstr("is known: dou yin (douyinId?), user (userid?). The first line"));
  EXPECT_THAT(of({"uid", "uids"}), HasSubstr("Not known: uids. Missing")) << "that field has its column";
  EXPECT_THAT(of({"uid", "orderId"}), HasSubstr("Not known: -. Missing"));
}

TEST(MapColumns, SpeaksEnglishOfEnglishHeaders) {
  const auto mapping = map_columns(Names{"uid", "orderId"}, {});
  ASSERT_FALSE(mapping);
  EXPECT_TRUE(std::ranges::all_of(words(mapping.error()), [](char c) { return c > 0; })) << words(mapping.error());
  EXPECT_THAT(words(mapping.error()), HasSubstr("create: douyinId, ISP(source), endMonthTime, isRenew"));
  EXPECT_THAT(words(mapping.error()), HasSubstr("modify: newUid, executeTime, oldUid, newDouyinId"));
}

TEST(MapColumns, RefusesAFirstLineThatIsNoHeader) {
  const auto mapping = map_columns(Names{"94", "联通", "2024-02"}, {});
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().word, Word::no_known_column);
  EXPECT_EQ(map_columns(Names{}, {}).error().word, Word::no_known_column);
}

TEST(MapColumns, KeepsTheWordsOfAThousandUnknownColumnsShort) {
  const auto mapping = map_columns(Names(1000, std::string(5000, 'x')), {});
  ASSERT_FALSE(mapping);
  EXPECT_LT(words(mapping.error()).size(), 1500U);
}

TEST(MapColumns, RefusesColumnsOfBothServices) {
  const auto mapping = map_columns(Names{"douyinId", "endMonthTime", "isRenew", "source", "uid", "executeTime",
                                         "newDouyinId", "newUid", "oldUid", "orderId"},
                                   {});
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().word, Word::several_services);
  EXPECT_THAT(words(mapping.error()), HasSubstr("create, modify"));
}

TEST(MapColumns, RefusesTwoColumnsForOneFieldNamingBoth) {
  const auto mapping = map_columns(Names{"uid", "用户ID", "douyinId", "source", "isRenew", "endTime"}, {});
  ASSERT_FALSE(mapping);
  EXPECT_EQ(mapping.error().word, Word::two_columns_for_field);
  EXPECT_THAT(words(mapping.error()), HasSubstr("\"uid\" and \"用户ID\""));
}

TEST(MapColumns, RefusesTheDayOfEffectBecauseItIsTheDayAfterExecuteTime) {
  for (const auto* header : {"生效时间", "生效日期", "生效日"}) {
    for (const auto* beside : {"备注", "执行时间"}) {
      const auto mapping = map_columns(Names{"newUid", header, beside, "orderId", "oldUid", "newDouyinId"}, {});
      ASSERT_FALSE(mapping) << header;
      EXPECT_EQ(mapping.error().word, Word::header_means_otherwise);
      EXPECT_THAT(words(mapping.error()), HasSubstr(header));
      EXPECT_THAT(words(mapping.error()), HasSubstr("day AFTER executeTime"));
    }
  }
}

TEST(MapKeys, TakesAnObjectsKeysInAnyOrderAndLetsThemBeMissing) {
  const auto mapping = map_keys(ServiceId::create, Names{"nickname", "note", "uid"}, Lang::zh);
  ASSERT_TRUE(mapping);
  EXPECT_THAT(mapping->field_of_column, ElementsAre(6, kCarried, 2));
  EXPECT_THAT(mapping->spelled, ElementsAre("nickname", "note", "uid"));
  EXPECT_EQ(mapping->lang, Lang::zh);
}

TEST(MapKeys, RefusesARepeatedKeyOnlyWhereItWouldBeSent) {
  EXPECT_TRUE(map_keys(ServiceId::create, Names{"uid", "note", "note"}, Lang::en));
  EXPECT_EQ(map_keys(ServiceId::create, Names{"uid", "uid"}, Lang::en).error().word, Word::two_columns_for_field);
  EXPECT_EQ(map_keys(ServiceId::modify, Names{"newUid", "新UID"}, Lang::en).error().word, Word::two_columns_for_field);
  EXPECT_EQ(map_keys(ServiceId::modify, Names{"生效日期"}, Lang::en).error().word, Word::header_means_otherwise);
}

}  // namespace
}  // namespace sluice::orders
