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
       {" 1234567 ", "'1234567", "\t1234567", "1234567\t", "=\"1234567\"", "１２３４５６７", "1,234,567", "1，234，567",
        "1234567.0", "1234567.00", "1,234,567.0", "＇1234567", "\xC2\xA0 1234567　",
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
  DamageWatch watch;
  for (const auto& each : uids) {
    const auto row = Row::create().with("uid", each, kind);
    watch.see(row.mapping(), row.values());
  }
  return watch.damaged();
}

TEST(DamageWatch, FindsAColumnWhoseLongIdsAllEndInZeros) {
  const auto damaged = watched({"17872308245801500", "94", "1787230824580150", "178723082458015000"});
  ASSERT_EQ(damaged.size(), 7U);
  EXPECT_THAT(damaged, ElementsAre(false, false, true, false, false, false, false));
  EXPECT_FALSE(watched({"17872308245801500", "1787230824580150", "178723082458015000"}, ValueKind::number).empty());
}

TEST(DamageWatch, LeavesHonestColumnsAlone) {
  EXPECT_THAT(watched({}), IsEmpty());
  EXPECT_THAT(watched({"17872308245801500", "17872308245801600"}), IsEmpty());
  EXPECT_THAT(watched({"17872308245801500", "17872308245801600", "17872308245801700", "17872308245801546"}), IsEmpty());
  EXPECT_THAT(watched({"100000000000000", "200000000000000", "300000000000000"}), IsEmpty());
}

TEST(DamageWatch, DoesNotCountWhatSomebodyProtected) {
  EXPECT_THAT(watched({"'17872308245801500", "\t17872308245801600", "=\"17872308245801700\""}), IsEmpty());
  EXPECT_FALSE(watched({"17872308245801500", "17872308245801600", "17872308245801700", "'17872308245801546"}).empty());
}

TEST(Ids, OfADamagedColumnAreRefusedUnlessProtectedOrShort) {
  const DamagedColumns damaged = {false, false, true, false, false, false, false};
  const auto judged = [&](std::string_view written) {
    return word(Row::create().with("uid", written).judged(kNow, &damaged));
  };
  EXPECT_EQ(judged("17872308245801500"), Word::id_damaged);
  EXPECT_EQ(judged("17,872,308,245,801,500"), Word::id_damaged);
  EXPECT_EQ(judged("'17872308245801500"), std::nullopt);
  EXPECT_EQ(judged("123000"), std::nullopt);
  EXPECT_EQ(word(Row::create().with("uid", "17872308245801500").judged()), std::nullopt);
}

TEST(DamagedColumns, HoldForJsonObjectsOfAnyKeyOrder) {
  const DamagedColumns damaged = {false, false, true, false, false, false, false};
  const std::vector<std::string> keys = {"uid", "isRenew", "endMonthTime", "source", "douyinId"};
  const std::vector<Value> values = {
      {"17872308245801500", ValueKind::number}, {"true", ValueKind::boolean}, {"2024-03"}, {"联通"}, {"abc"}};
  const auto mapping = map_keys(ServiceId::create, keys, text::Lang::en).value();
  EXPECT_EQ(word(judge(mapping, values, {.now = kNow, .damaged = &damaged})), Word::id_damaged);
}

}  // namespace
}  // namespace sluice::orders
