// Small files rebuilt from public reports of people who import such files: what is read, what is refused, in what
// words.
#include "surveyed_case.hpp"

namespace sluice::pipeline {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kHeader = "uid,douyinId,source,endMonthTime,isRenew,nickname,note";

TEST(ReadingCases, Case01aAStrayQuoteInANoteAndAnotherBelowRejectTheFile) {
  EXPECT_THAT(surveyed_case("01a-quote-swallows-note.csv").rejected,
              AllOf(HasSubstr("Line 2, column 7 (note)"), HasSubstr("closes in line 5")));
}

TEST(ReadingCases, Case01dAStrayQuoteThatClosesRowsLaterRejectsTheFile) {
  EXPECT_THAT(surveyed_case("01d-quote-closes-rows-later.csv").rejected,
              AllOf(HasSubstr("Line 2, column 7 (note)"), HasSubstr("closes only in line 4")));
}

TEST(ReadingCases, Case01AStrayQuoteThatSwallowsShortRowsRejectsTheFileWhereOneOfThemIsAnOrder) {
  const auto read =
      surveyed_bytes(kHeader +
                     "\n71,dy1,CT,2027-06,1,\"24\n72,dy2,CT,2027-06,1\ntotal: 3\n73,dy3,CT,2027-06,1,27\"\n"
                     "74,dy4,CT,2027-06,1\n");
  EXPECT_THAT(read.rejected, AllOf(HasSubstr("Line 2, column 6 (nickname)"), HasSubstr("line 5")));
}

TEST(ReadingCases, Case01ANoteOverSeveralLinesIsTaken) {
  const auto read = surveyed_bytes(kHeader + "\n71,dy1,CT,2027-06,1,a,\"one, two\nthree, four\n\nfive\"\n");
  EXPECT_THAT(read.sent, SizeIs(1)) << read.rejected;
}

TEST(ReadingCases, Case02aABackslashBeforeAQuoteMakesItsRowInvalidWithWordsForBothWays) {
  const auto read = surveyed_case("02a-backslash-quote.csv");
  EXPECT_THAT(read.sent, ElementsAre(testing::Key(4)));
  ASSERT_THAT(read.unsent, SizeIs(2)) << read.rejected;
  EXPECT_THAT(read.unsent.at(2), AllOf(HasSubstr("nickname"), HasSubstr("\"\"yes\"\""), HasSubstr("backslash")));
  EXPECT_THAT(read.unsent.at(3), HasSubstr("note"));
}

TEST(ReadingCases, Case03cBlanksBeforeAQuoteAreNoPartOfTheName) {
  auto read = surveyed_case("03c-blank-before-quoted-name.csv");
  EXPECT_EQ(read.sent[2]["nickname"], "小红") << read.rejected;
  EXPECT_EQ(read.sent[3]["nickname"], "王, 五");
}

TEST(ReadingCases, Case09aBarsSeparateColumns) {
  auto read = surveyed_case("09a-pipe.csv");
  EXPECT_EQ(read.sent[2]["nickname"], "小红") << read.rejected;
  EXPECT_THAT(surveyed_bytes("用户ID，抖音号，运营商，到期时间，是否续费\n1，a，电信，2027-06，是\n").rejected,
              HasSubstr("separated by \"，\""));
  EXPECT_THAT(surveyed_bytes("uid^douyinId^source^endMonthTime^isRenew\n1^a^CT^2027-06^1\n").rejected,
              HasSubstr("separated by \"^\""));
  EXPECT_THAT(surveyed_bytes("\"uid,douyinId,source,endMonthTime,isRenew\"\n\"1,a,CT,2027-06,1\"\n").rejected,
              HasSubstr("stands in quotes"));
}

TEST(ReadingCases, Case09dTheDelimiterIsToldByTheKnownColumns) {
  const auto read = surveyed_case("09d-semicolon-commas-in-header.csv");
  EXPECT_EQ(read.format.delimiter, ';');
  EXPECT_THAT(read.sent, SizeIs(1)) << read.rejected;
}

TEST(ReadingCases, Case10bALoneCrInAnLfFileIsAControlCharacter) {
  const auto read = surveyed_case("10b-lone-cr-before-nickname.csv");
  EXPECT_THAT(read.sent, ElementsAre(testing::Key(3))) << "the second physical line is the second row's";
  ASSERT_THAT(read.unsent, SizeIs(1)) << read.rejected;
  EXPECT_THAT(read.unsent.at(2), HasSubstr("control character"));
}

TEST(ReadingCases, Case10cCtrlZAtTheEndIsTheEnd) {
  const auto read = surveyed_case("10c-ctrl-z.csv");
  EXPECT_THAT(read.sent, SizeIs(2)) << read.rejected;
  EXPECT_THAT(read.unsent, IsEmpty());
}

TEST(ReadingCases, Case11aALongNoteIsCarried) {
  EXPECT_THAT(surveyed_case("11a-70KB-note.csv").sent, SizeIs(3));
}

TEST(ReadingCases, Case11bEmptyColumnsToTheRightDontCount) {
  const auto read = surveyed_case("11b-16384-columns.csv");
  EXPECT_THAT(read.sent, SizeIs(3)) << read.rejected;
  EXPECT_THAT(read.format.header, SizeIs(6));
}

TEST(ReadingCases, Case13aAnUnknownWrapperWithOneListOfOrdersIsTaken) {
  const auto read = surveyed_case("13a-navicat-records.json");
  EXPECT_THAT(read.sent, SizeIs(2)) << read.rejected;
  EXPECT_EQ(read.format.wrapper, "RECORDS");
  EXPECT_THAT(surveyed_bytes(R"({"uid":{"0":"1"},"douyinId":{"0":"a"}})").rejected, HasSubstr("pandas"));
  EXPECT_THAT(surveyed_bytes(R"({"data":{"rows":[{"uid":"1","douyinId":"a"}]}})").rejected,
              HasSubstr("\"data\" > \"rows\""));
  EXPECT_THAT(surveyed_bytes(R"({"a":[{"uid":"1"}],"b":[{"uid":"2"}]})").rejected, HasSubstr("\"a\" and \"b\""));
}

TEST(ReadingCases, Case14cASecondByteOrderMarkIsNothing) {
  EXPECT_THAT(surveyed_case("14c-double-bom-quoted.csv").sent, SizeIs(1));
}

TEST(ReadingCases, Case14dAHeaderAmongTheRowsIsSaidToBeOne) {
  const auto read = surveyed_case("14d-concatenated-with-bom.csv");
  EXPECT_THAT(read.sent, SizeIs(2)) << read.rejected;
  ASSERT_THAT(read.unsent, SizeIs(1));
  EXPECT_EQ(read.unsent.at(3), "本行又是表头，不是订单。请删除本行。未下单，未扣费。");
}

TEST(ReadingCases, Case14dAnotherHeaderAmongTheRowsRejectsTheFile) {
  const auto read = surveyed_bytes(
      "uid,douyinId,source,endMonthTime,isRenew,nickname\n71,dy1,CT,2027-06,1,a\n"
      "uid,nickname,source,endMonthTime,isRenew,douyinId\n72,a,CT,2027-06,1,dy2\n");
  EXPECT_THAT(read.rejected, HasSubstr("Line 3 is a header again"));
}

TEST(ReadingCases, Case14gBig5IsReadAsGb18030WithOneWarningThatShowsASample) {
  const auto read = surveyed_case("14g-big5.csv");
  EXPECT_THAT(read.warnings, ElementsAre(AllOf(HasSubstr("GB18030"), HasSubstr("line 2 says"))));
  EXPECT_THAT(surveyed_bytes("uid,douyinId,source,endMonthTime,isRenew\n71,dy1,CT,2027-06,1\n").warnings, IsEmpty());
  EXPECT_THAT(surveyed_case("14k-gbk-half-character-line5.csv").warnings, IsEmpty());
}

TEST(ReadingCases, Case14kHalfACharacterOfGbkIsNamedByItsOwnLineAndEncoding) {
  EXPECT_THAT(surveyed_case("14k-gbk-half-character-line5.csv").rejected,
              AllOf(HasSubstr("Line 5,"), HasSubstr("GB18030")));
}

TEST(ReadingCases, Case15aEmptyCellsBeyondTheHeaderAreInvalidWhereOtherRowsHaveNone) {
  const auto read = surveyed_case("15a-unquoted-comma.csv");
  EXPECT_THAT(read.sent, ElementsAre(testing::Key(3)));
  ASSERT_THAT(read.unsent, SizeIs(1)) << read.rejected;
  EXPECT_THAT(read.unsent.at(2), AllOf(HasSubstr("9 cells"), HasSubstr("8")));
  // Where every row has as many, they are only a habit of the program that wrote the file.
  EXPECT_THAT(surveyed_bytes(kHeader + "\n71,dy1,CT,2027-06,1,a,b,\n72,dy2,CT,2027-06,1,a,b,\n").sent, SizeIs(2));
}

TEST(ReadingCases, Case19aRtfAndMhtmlAreNamed) {
  EXPECT_THAT(surveyed_case("19a-rtf-from-textedit.csv").rejected, HasSubstr("RTF"));
  EXPECT_THAT(surveyed_bytes("MIME-Version: 1.0\nContent-Type: multipart/related\n\nuid,douyinId\n").rejected,
              HasSubstr("web page"));
}

TEST(ReadingCases, Case19TitlesAboveTheHeaderAreSaidToBeThere) {
  EXPECT_THAT(surveyed_bytes("November,,,,\nby: Wang,,,,\n\nuid,douyinId,source,endMonthTime,isRenew\n"
                             "71,dy1,CT,2027-06,1\n")
                  .rejected,
              HasSubstr("line 4 looks like the header"));
}

}  // namespace
}  // namespace sluice::pipeline
