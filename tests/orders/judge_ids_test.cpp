#include <gmock/gmock.h>

#include <random>

#include "orders/sample.hpp"

namespace sluice::orders {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using text::Word;

std::string uid(std::string_view written, ValueKind kind = ValueKind::text) {
  return Row::create().with("uid", written, kind).value("uid");
}
std::optional<Word> fault(std::string_view written, ValueKind kind = ValueKind::text) {
  return word(Row::create().with("uid", written, kind).judged());
}

TEST(Ids, AreOneToTwentyDigits) {
  EXPECT_EQ(uid("7"), "7");
  EXPECT_EQ(uid("00123"), "00123");
  EXPECT_EQ(uid("99999999999999999999"), "99999999999999999999");
  for (const auto* bad : {"999999999999999999999", "12a", "-1", "+1", "1 2", "0x10", "1.", ".0", "1..0", "1_000", "١٢"})
    EXPECT_EQ(fault(bad), Word::id_not_digits) << bad;
}

TEST(Ids, ComeOutOfWhatPeopleAndProgramsPutAroundThem) {
  for (const auto* written :
       {" 1234567 ", "'1234567", "`1234567", "` 1234567", "\t1234567", "1234567\t", "=\"1234567\"", "１２３４５６７",
        "1,234,567", "1，234，567", "1234567.0", "1234567.00", "1,234,567.0", "＇1234567", "\xC2\xA0 1234567　",
        "\xEF\xBB\xBF"
        "1234567",
        "\xE2\x80\x8B"
        "1234567"})
    EXPECT_EQ(uid(written), "1234567") << written;
}

TEST(Ids, DoNotComeOutOfMisplacedSeparators) {
  for (const auto* bad : {"1,23,456", "1234,567", ",123", "123,", "1,2345", "1,,234", ",", "1,234,56.0"})
    EXPECT_EQ(fault(bad), Word::id_not_digits) << bad;
}

TEST(Ids, NeverComeOfAGuessAtADigit) {
  for (const auto* bad : {"7000002001²", "7000002002①", "7000002003⁽³⁾", "½", "𝟏𝟐"}) {
    EXPECT_EQ(fault(bad), Word::compatibility_digit) << bad;
    EXPECT_EQ(word(Row::create().with("douyinId", bad).judged()), Word::compatibility_digit) << bad;
  }
  EXPECT_EQ(word(Row::create().with("endMonthTime", "2027-1²").judged()), Word::compatibility_digit);
  EXPECT_EQ(Row::create().with("endMonthTime", "２０２７－１２").value("endMonthTime"), "2027-12");
}

TEST(Ids, WithADotThatMayDivideThousandsAreRefused) {
  for (const auto* bad : {"94.000", "1.000", "94.123", "123.456"}) EXPECT_EQ(fault(bad), Word::id_thousands) << bad;
  EXPECT_EQ(uid("94.0"), "94");
  EXPECT_EQ(uid("1234.000"), "1234") << "no thousands begin so";
}

TEST(Ids, InScientificNotationAreLostAndTheWordsSayHowToMendThem) {
  for (const auto* bad : {"1.78723E+16", "1.78723e+16", "1E5", "1.78723E16", "'1.78723E+16"})
    EXPECT_EQ(fault(bad), Word::id_scientific) << bad;
  EXPECT_THAT(uid("1.78723E+16"), AllOf(HasSubstr("1.78723E+16"), HasSubstr("scientific notation"),
                                        HasSubstr("Format the column as text"), HasSubstr("export again")));
  EXPECT_EQ(word(Row::create().with("douyinId", "1.78723E+16").judged()), Word::id_scientific);
  EXPECT_EQ(Row::create().with("douyinId", "1E5").value("douyinId"), "1E5");
}

TEST(Ids, InJsonNumbersAreExactIntegers) {
  EXPECT_EQ(uid("17872308245801547", ValueKind::number), "17872308245801547");
  EXPECT_EQ(uid("18446744073709551617", ValueKind::number), "18446744073709551617");
  EXPECT_EQ(uid("123.0", ValueKind::number), "123");
  EXPECT_EQ(fault("1e3", ValueKind::number), Word::id_exponent);
  EXPECT_EQ(fault("1.5", ValueKind::number), Word::id_fraction);
  EXPECT_EQ(fault("-5", ValueKind::number), Word::id_not_digits);
  EXPECT_EQ(Row::create().with("douyinId", "70", ValueKind::number).value("douyinId"), "70");
  EXPECT_EQ(word(Row::create().with("douyinId", "70.5", ValueKind::number).judged()), Word::id_fraction);
}

TEST(Ids, WithDecimalsPastTheFifteenthDigitAreTakenWithAWarning) {
  const auto row = Row::create().with("uid", "17872308245801546.0");
  EXPECT_EQ(row.value("uid"), "17872308245801546");
  EXPECT_THAT(warnings(row), ElementsAre(Word::warn_id_decimals));
  EXPECT_THAT(warnings(Row::create().with("uid", "123456789012345.0")), IsEmpty());
}

TEST(Ids, KeepEveryDigitWhateverTheLength) {
  std::mt19937_64 random(20240115);
  for (int round = 0; round < 2000; ++round) {
    std::string digits;
    const auto length = 1 + random() % 20;
    while (digits.size() < length) digits += static_cast<char>('0' + random() % 10);
    EXPECT_EQ(uid(digits), digits);
    EXPECT_EQ(uid(digits, ValueKind::number), digits);
    EXPECT_EQ(uid("=\"" + digits + "\""), digits);
    std::string grouped = digits;
    for (std::size_t i = digits.size(); i > 3; i -= 3) grouped.insert(i - 3, ",");
    EXPECT_EQ(uid(grouped), digits);
  }
}

// Numbers that a spreadsheet rounded.

DamagedColumns watched(const std::vector<std::string>& uids, ValueKind kind = ValueKind::text) {
  ColumnWatch watch;
  for (const auto& each : uids) {
    const auto row = Row::create().with("uid", each, kind);
    watch.see(row.mapping(), row.values());
  }
  return watch.damaged();
}

constexpr DamagedIds rounded(std::uint32_t digits) {
  return {.rounded = std::uint32_t{1} << digits};
}
constexpr DamagedIds doubtful(std::uint32_t digits) {
  return {.doubtful = std::uint32_t{1} << digits};
}

/// What is found in the column of uids.
DamagedIds found(const std::vector<std::string>& uids, ValueKind kind = ValueKind::text) {
  const auto damaged = watched(uids, kind);
  return damaged.empty() ? DamagedIds{} : damaged.at(2);
}

TEST(ColumnWatch, FindsWhereAllLongIdsOfOneLengthEndAsASpreadsheetLeavesThem) {
  for (const auto kind : {ValueKind::text, ValueKind::number})
    EXPECT_EQ(found({"17872308245801500", "94", "17872308245801600", "17872308245801700"}, kind), rounded(17));
  EXPECT_EQ(found({"1787230824580150", "1787230824580160", "1787230824580170", "17872308245801546"}), rounded(16))
      << "an id of another length tells nothing";
}

TEST(ColumnWatch, FindsWhereAllEndAsJavaScriptLeavesThem) {
  EXPECT_EQ(found({"7301234567890124000", "7301234567890988000", "7312345678901235000"}), rounded(19));
  EXPECT_EQ(found({"178723082458012300", "178723082458014500", "178723082458016700"}), rounded(18));
  EXPECT_EQ(found({"73012345678901240000", "73012345678909880000", "73123456789012350000"}), rounded(20));
  EXPECT_EQ(found({"7301234567890124100", "7301234567890988200", "7312345678901235300"}), DamagedIds{})
      << "19 digits: three zeros";
}

TEST(ColumnWatch, LeavesHonestColumnsAlone) {
  EXPECT_THAT(watched({}), IsEmpty());
  EXPECT_THAT(watched({"17872308245801500", "17872308245801600", "17872308245801700", "17872308245801546"}), IsEmpty());
  EXPECT_THAT(watched({"100000000000000", "200000000000000", "300000000000000"}), IsEmpty());
}

TEST(ColumnWatch, DoubtsFewerThanThreeDifferentOnes) {
  EXPECT_EQ(found({"17872308245801500", "17872308245801600"}), doubtful(17));
  EXPECT_EQ(found({"17872308245801500", "17872308245801500", "17872308245801500"}), doubtful(17));
}

TEST(ColumnWatch, OneInScientificNotationConvictsTheOthersThatEndInZeros) {
  EXPECT_EQ(found({"1.78723E+16", "17872308245801500"}), rounded(17));
  EXPECT_EQ(found({"1.78723E16", "17872308245801500", "17872308245801546"}), rounded(17));
  EXPECT_EQ(found({"'1.78723E+16", "17872308245801500"}), doubtful(17)) << "protected";
}

TEST(ColumnWatch, DoesNotCountWhatSomebodyProtected) {
  EXPECT_THAT(watched({"'17872308245801500", "\t17872308245801600", "=\"17872308245801700\""}), IsEmpty());
  EXPECT_FALSE(watched({"17872308245801500", "17872308245801600", "17872308245801700", "'17872308245801546"}).empty());
}

TEST(Ids, OfADamagedColumnAreRefusedUnlessProtectedOrShort) {
  const DamagedColumns damaged = {{}, {}, rounded(17), {}, {}, {}, {}};
  const auto judged = [&](std::string_view written) {
    return word(Row::create().with("uid", written).judged(kNow, &damaged));
  };
  EXPECT_EQ(judged("17872308245801500"), Word::id_damaged);
  EXPECT_EQ(judged("17,872,308,245,801,500"), Word::id_damaged);
  EXPECT_EQ(judged("'17872308245801500"), std::nullopt);
  EXPECT_EQ(judged("123000"), std::nullopt);
  EXPECT_EQ(judged("1787230824580150"), std::nullopt) << "of another length";
  EXPECT_EQ(word(Row::create().with("uid", "17872308245801500").judged()), std::nullopt);
}

TEST(Ids, ThatAreTooFewToTellAreWarnedOf) {
  const DamagedColumns damaged = {{}, {}, doubtful(17), {}, {}, {}, {}};
  const auto warned = Row::create().with("uid", "17872308245801500").judged(kNow, &damaged).value().warnings;
  ASSERT_EQ(warned.size(), 1U);
  EXPECT_EQ(warned.front().word, Word::warn_id_rounded);
  EXPECT_THAT(Row::create().with("uid", "17872308245801546").judged(kNow, &damaged).value().warnings, IsEmpty());
}

TEST(DamagedColumns, HoldForJsonObjectsOfAnyKeyOrder) {
  const DamagedColumns damaged = {{}, {}, rounded(17), {}, {}, {}, {}};
  const std::vector<std::string> keys = {"uid", "isRenew", "endMonthTime", "source", "douyinId"};
  const std::vector<Value> values = {
      {"17872308245801500", ValueKind::number}, {"true", ValueKind::boolean}, {"2024-03"}, {"联通"}, {"abc"}};
  const auto mapping = map_keys(ServiceId::create, keys, text::Lang::en).value();
  EXPECT_EQ(word(judge(mapping, values, {.now = kNow, .damaged = &damaged})), Word::id_damaged);
}

}  // namespace
}  // namespace sluice::orders
