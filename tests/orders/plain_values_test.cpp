#include <gtest/gtest.h>

#include <cctype>
#include <random>

#include "orders/boolean_table.hpp"
#include "orders/clean_value.hpp"
#include "orders/field_rules.hpp"
#include "orders/isp_table.hpp"
#include "orders/long_id.hpp"
#include "orders/province_table.hpp"
#include "orders/sample.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {
namespace {

constexpr std::array kKinds = {FieldKind::id,        FieldKind::douyin_id,   FieldKind::nickname,
                               FieldKind::isp,       FieldKind::province,    FieldKind::boolean,
                               FieldKind::end_month, FieldKind::execute_date};

/// Whether the text is plain to a kind of field; where it is, that judging it with care says the same of it.
bool is_plain(FieldKind kind, std::string_view text) {
  const KindRule& rule = rule_of(kind);
  const auto plain = rule.plain ? rule.plain(text, {.now = kNow}) : std::string_view{};
  if (plain.empty()) return false;
  const bool reads_as_number = text.front() >= '0' && text.front() <= '9';
  for (const bool is_number : {false, reads_as_number}) {
    std::vector<text::Message> warnings;
    const FieldInput in{.column = "column", .text = text, .is_number = is_number, .now = kNow};
    const auto careful = rule.normalise(in, warnings);
    EXPECT_TRUE(careful) << text << ": " << text::say(text::Lang::en, careful.error());
    if (careful) EXPECT_EQ(*careful, plain) << text;
    EXPECT_TRUE(warnings.empty()) << text;
  }
  EXPECT_EQ(absence_of(text), Absence::none) << text;
  EXPECT_TRUE(text::stands_in_json(plain)) << text;
  return true;
}

/// What tables, people, spreadsheets and exports write.
std::vector<std::string> words() {
  std::vector<std::string> all = {"76304453594",
                                  "17872308245801546",
                                  "123456789012345678901",
                                  "yan158hi5380",
                                  "anchor_7",
                                  "a.b-c",
                                  "TRUE",
                                  "false",
                                  "NULL",
                                  "None",
                                  "NaN",
                                  "N/A",
                                  "#N/A",
                                  "\\N",
                                  "1E5",
                                  "1.78723E+16",
                                  "1,234,567",
                                  "123.0",
                                  "Mar-24",
                                  "5-May",
                                  "march24",
                                  "2024-03",
                                  "2024-02",
                                  "2024-01",
                                  "2024-13",
                                  "9999-12",
                                  "0000-01",
                                  "2024-3",
                                  "2024/03",
                                  "2024年3月",
                                  "2024-03-31",
                                  "45323",
                                  "主播",
                                  "主",
                                  "钟勇",
                                  "Zhong Yong",
                                  "１２３",
                                  "①",
                                  "\u200b94",
                                  "'94",
                                  "`94",
                                  "=\"94\"",
                                  "\uFFFD",
                                  "\uE000",
                                  "a\xC2\x80z",
                                  "\xE4\xBD",
                                  "\xED\xA0\x80",
                                  "⻰",
                                  "ﬁnally"};
  const auto add = [&](std::string_view word) { all.emplace_back(word); };
  for (const auto& isp : isp_table::kIsps) {
    add(isp.wire);
    std::ranges::for_each(isp.aliases, add);
  }
  for (const auto& p : provinces()) {
    for (const auto word : {p.wire, p.name, p.brief, p.pinyin, p.iso, p.gb}) add(word);
    std::ranges::for_each(p.alt, add);
  }
  for (const auto& ambiguous : province_table::kAmbiguous) add(ambiguous.written);
  std::ranges::for_each(boolean_table::kYes, add);
  std::ranges::for_each(boolean_table::kNo, add);
  return all;
}

TEST(PlainValues, TheCommonestSpellingsArePlain) {
  for (const auto* id : {"94", "76304453594", "17872308245801546"}) {
    EXPECT_TRUE(is_plain(FieldKind::id, id));
    EXPECT_TRUE(is_plain(FieldKind::douyin_id, id));
  }
  EXPECT_TRUE(is_plain(FieldKind::douyin_id, "yan158hi5380"));
  EXPECT_TRUE(is_plain(FieldKind::nickname, "主播123"));
  EXPECT_TRUE(is_plain(FieldKind::isp, "联通"));
  EXPECT_TRUE(is_plain(FieldKind::isp, "中国移动"));
  EXPECT_TRUE(is_plain(FieldKind::province, "广东省"));
  EXPECT_TRUE(is_plain(FieldKind::province, "粤"));
  EXPECT_TRUE(is_plain(FieldKind::boolean, "是"));
  EXPECT_TRUE(is_plain(FieldKind::boolean, "false"));
  EXPECT_TRUE(is_plain(FieldKind::end_month, "2024-03"));
  EXPECT_TRUE(is_plain(FieldKind::execute_date, "2024-01-15"));
}

TEST(PlainValues, WhatNeedsAWordIsJudgedWithCare) {
  EXPECT_FALSE(is_plain(FieldKind::douyin_id, "FALSE"));
  EXPECT_FALSE(is_plain(FieldKind::douyin_id, "may-2024"));
  EXPECT_FALSE(is_plain(FieldKind::nickname, "NULL"));
  EXPECT_FALSE(is_plain(FieldKind::nickname, "a name of more than twenty characters"));
  EXPECT_FALSE(is_plain(FieldKind::isp, "铁通"));
  EXPECT_FALSE(is_plain(FieldKind::province, "台湾"));
  EXPECT_FALSE(is_plain(FieldKind::province, "HN"));
  EXPECT_FALSE(is_plain(FieldKind::end_month, "2024-01"));
  EXPECT_FALSE(is_plain(FieldKind::execute_date, "2024-01-14"));
  EXPECT_FALSE(is_plain(FieldKind::execute_date, "2024-02"));
  const DamagedColumns damaged{{.rounded = 1U << 17, .doubtful = 0}};
  EXPECT_TRUE(plain_id("17872308245801500", {.now = kNow, .damaged = &damaged}).empty());
  EXPECT_TRUE(plain_douyin_id("17872308245801500", {.now = kNow, .damaged = &damaged}).empty());
}

TEST(PlainValues, AnIdIsPlainOnlyIfEachOfItsCharactersIsADigit) {
  for (std::size_t length = 1; length <= kMostIdDigits; ++length) {
    const std::string digits = std::string("98765432109876543210").substr(0, length);
    ASSERT_TRUE(is_id(digits));
    for (std::size_t at = 0; at < length; ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        auto text = digits;
        text[at] = static_cast<char>(byte);
        ASSERT_EQ(is_id(text), byte >= '0' && byte <= '9') << text;
      }
    }
  }
  EXPECT_FALSE(is_id(""));
}

TEST(PlainValues, ADouyinIdIsPlainOnlyIfEachOfItsCharactersIsALetterADigitOrALine) {
  for (std::size_t length = 6; length <= 40; ++length) {
    const std::string usual = std::string("abcXYZ0189_").append(40, 'k').substr(0, length);
    for (std::size_t at = 1; at < length; ++at) {
      for (unsigned byte = 0; byte < 256; ++byte) {
        auto text = usual;
        text[at] = static_cast<char>(byte);
        const bool fits = byte < 0x80 && (std::isalnum(static_cast<int>(byte)) != 0 || byte == '_');
        ASSERT_EQ(plain_douyin_id(text, {.now = kNow}) == text, fits) << text;
        if (length <= 20 && byte < 0x80) ASSERT_EQ(plain_nickname(text, {.now = kNow}) == text, fits) << text;
      }
    }
  }
}

/// A good row, some of whose cells hold, seldom, something else, or are of another kind, or are not there.
Row any_row(const Row& good, const std::vector<std::string>& header, const std::vector<std::string>& all,
            std::mt19937_64& random) {
  constexpr std::array kOthers = {ValueKind::number, ValueKind::boolean, ValueKind::null, ValueKind::nested,
                                  ValueKind::missing};
  auto row = good;
  for (const auto& column : header) {
    if (random() % 8 == 0) row = row.with(column, all[random() % all.size()]);
    if (random() % 32 == 0) row = row.with(column, "");
    if (random() % 32 == 0) row = row.with(column, "94", kOthers[random() % kOthers.size()]);
    if (random() % 32 == 0) row = row.with(column, "true", ValueKind::boolean);
  }
  if (random() % 16 == 0) row = row.cut(random() % header.size());
  if (random() % 16 == 0) row = row.plus(random() % 2 == 0 ? "" : "more");
  return row;
}

TEST(LastValues, SayOfARowWhatLookingItUpSays) {
  std::mt19937_64 random(1);
  const auto all = words();
  LastValues last_created;
  LastValues last_modified;
  std::size_t good = 0;
  for (int i = 0; i < 8'000; ++i) {
    const bool created = i % 2 == 0;
    const auto usual = created ? Row::create().with("nickname", "anchor7") : Row::modify();
    // In runs of rows that are alike in all but their ids.
    const bool alike = i / 64 % 2 == 0;
    auto row = alike ? usual : any_row(usual, created ? kCreateHeader : kModifyHeader, all, random);
    if (alike) row = row.with(created ? "douyinId" : "newUid", all[random() % all.size()]);
    const auto now = random() % 64 == 0 ? at(2024, 2, 15) : kNow;
    const auto looked_up = judge(usual.mapping(), row.values(), {.now = now});
    const auto judged = judge(usual.mapping(), row.values(), {.now = now}, created ? &last_created : &last_modified);
    ASSERT_EQ(judged.has_value(), looked_up.has_value());
    const auto& said = judged ? judged->warnings : judged.error();
    EXPECT_EQ(text::say_all(text::Lang::en, said),
              text::say_all(text::Lang::en, looked_up ? looked_up->warnings : looked_up.error()));
    if (!judged) continue;
    ++good;
    EXPECT_EQ(judged->order, looked_up->order);
    EXPECT_EQ(judged->order.values(), looked_up->order.values());
  }
  EXPECT_GT(good, 1'000U);
}

TEST(LastValues, WhatAFieldHasCountsAlsoWhereTheRowsBeforeHadNoColumnOfIt) {
  LastValues last;
  const auto row = Row::create().with("nickname", "anchor7");
  const auto without = row.cut(6);
  auto mapping = row.mapping();
  const auto nickname = std::ranges::find(service(ServiceId::create).fields, "nickname", &FieldSpec::name);
  mapping.column_of_field.at(nickname - service(ServiceId::create).fields.begin()) = kNoColumn;
  for (int i = 0; i < 4; ++i) EXPECT_EQ(judge(mapping, without.values(), {.now = kNow}, &last)->order, without.order());
  EXPECT_EQ(judge(row.mapping(), row.values(), {.now = kNow}, &last)->order, row.order());
}

TEST(LastValues, AMonthThatHasPassedIsNotTakenForOneThatIsToCome) {
  LastValues last;
  const auto row = Row::create().with("endMonthTime", "2024-03");
  EXPECT_TRUE(judge(row.mapping(), row.values(), {.now = at(2024, 1, 15)}, &last));
  EXPECT_FALSE(judge(row.mapping(), row.values(), {.now = at(2024, 4, 15)}, &last));
}

TEST(PlainValues, CareSaysTheSameOfAllThatIsPlain) {
  std::mt19937 random(20240115);  // NOLINT: the same each time
  const auto all = words();
  const auto below = [&](std::size_t most) { return random() % most; };
  std::size_t plain = 0;
  for (int i = 0; i < 8'000; ++i) {
    std::string text = i < int(all.size()) ? all[std::size_t(i)] : all[below(all.size())];
    for (auto changes = i < int(all.size()) ? 0 : below(4); changes > 0; --changes) {
      const auto& other = all[below(all.size())];
      const auto at = below(text.size() + 1);
      if (below(2) == 0) text.insert(at, other, below(other.size() + 1), below(4));
      if (below(4) == 0) text.insert(at, 1, static_cast<char>(below(256)));
      if (below(3) == 0 && at < text.size()) text.erase(at, 1);
    }
    for (const auto kind : kKinds) plain += is_plain(kind, text) ? 1 : 0;
  }
  EXPECT_GT(plain, 500U);
}

}  // namespace
}  // namespace sluice::orders
