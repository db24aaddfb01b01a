#include "reading.hpp"

namespace sluice::records {
namespace {

TEST(CsvReader, ReadsRowsWithTheirPlaceAndLine) {
  const std::string file = "uid,source\n94,\"China\nUnicom\"\n95,CMCC\n";
  const ReadFile read = read_file(file);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.header, (Texts{"uid", "source"}));
  EXPECT_EQ(texts(read.records[0]), (Texts{"94", "China\nUnicom"}));
  EXPECT_EQ(read.records[0].line, 2U);
  EXPECT_EQ(read.records[1].line, 4U);
  EXPECT_EQ(read.records[1].ref.row, 2U);
  EXPECT_EQ(raw_of(file, read.records[0]), "94,\"China\nUnicom\"");
  EXPECT_EQ(raw_of(file, read.records[1]), "95,CMCC");
}

TEST(CsvReader, TellsTheDelimiterFromTheHeader) {
  EXPECT_EQ(read_file("a,b\n1,2").format.delimiter, ',');
  EXPECT_EQ(read_file("a;b\n1;2").format.delimiter, ';');
  EXPECT_EQ(read_file("a\tb\n1\t2").format.delimiter, '\t');
  EXPECT_EQ(read_file("\"a,x\";b\n1;2").format.delimiter, ';') << "the comma is inside quotes";
  EXPECT_EQ(read_file("\"a;x;y;z\",b\n1,2").format.header, (Texts{"a;x;y;z", "b"}));
  EXPECT_EQ(read_file("uid\n1").format.delimiter, ',') << "nothing to tell it from";
}

TEST(CsvReader, ReadsEveryLineEnding) {
  for (const std::string newline : {"\n", "\r\n", "\r"}) {
    const ReadFile read = read_file("a,b" + newline + "1,2" + newline + newline + "3,4");
    ASSERT_EQ(read.records.size(), 2U) << read.said();
    EXPECT_EQ(texts(read.records[1]), (Texts{"3", "4"}));
    EXPECT_EQ(read.records[1].line, 4U);
    EXPECT_EQ(read.format.newline, newline);
  }
}

TEST(CsvReader, ALineEndCutBetweenTwoChunksIsOneLineEnd) {
  const ReadFile read = read_file("a,b\r\n1,2\r\n\r\n3,4\r\n", 1);
  ASSERT_EQ(read.records.size(), 2U);
  EXPECT_EQ(read.records[1].line, 4U);
}

TEST(CsvReader, PassesLeadingBlankLinesAndTheSeparatorLine) {
  const ReadFile read = read_file("\xEF\xBB\xBF\r\n  \r\nsep=;\r\na;b,c\r\n1;2\r\n");
  ASSERT_EQ(read.records.size(), 1U) << read.said();
  EXPECT_EQ(read.format.header, (Texts{"a", "b,c"}));
  EXPECT_EQ(read.format.delimiter, ';');
  EXPECT_EQ(read.records[0].line, 5U);
  EXPECT_TRUE(read.format.bom);
  EXPECT_EQ(read_file("SEP=,\na;b,c\n1,2").format.header, (Texts{"a;b", "c"}));
  EXPECT_EQ(read_file("\"sep=\t\"\na,b\tc\n1\t2").format.header, (Texts{"a,b", "c"}));
}

TEST(CsvReader, ASeparatorNobodyKnowsIsRefused) {
  const ReadFile read = read_file("sep=^\na^b\n1^2");
  EXPECT_TRUE(read.says(text::Word::unknown_separator)) << read.said();
  EXPECT_NE(read.said().find("\"^\""), std::string::npos) << read.said();
}

TEST(CsvReader, RowsOfNothingAreBlankLines) {
  const ReadFile read = read_file("a,b,,\n,,,\n1,2,,\n \t,\"\",,\n\n,,\n3,4,,\n,,,\n");
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.header, (Texts{"a", "b"})) << "nameless columns to the right don't count";
  EXPECT_EQ(texts(read.records[0]), (Texts{"1", "2"}));
  EXPECT_EQ(read.records[1].ref.row, 2U);
  EXPECT_EQ(read.records[1].line, 7U);
}

TEST(CsvReader, MissingCellsAreMissingAndExtraOnesAreThere) {
  const ReadFile read = read_file("a,b,c\n1,2\n1,2,3,4,,5\n1,2,3,,\n");
  ASSERT_EQ(read.records.size(), 3U);
  ASSERT_EQ(read.records[0].cells.size(), 3U);
  EXPECT_EQ(read.records[0].cells[2].kind, CellKind::missing);
  EXPECT_EQ(texts(read.records[1]), (Texts{"1", "2", "3", "4", "", "5"}));
  EXPECT_EQ(read.records[2].cells.size(), 3U) << "trailing delimiters are no cells";
}

TEST(CsvReader, QuotesAsRfc4180AndLoneOnesAreThemselves) {
  const ReadFile read = read_file("a,b\n\"x \"\"y\"\", z\",5\" disk\n=\"0012\",\"ab\"cd\"e\n");
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(texts(read.records[0]), (Texts{"x \"y\", z", "5\" disk"}));
  EXPECT_EQ(texts(read.records[1]), (Texts{"=\"0012\"", "abcd\"e"}));
  EXPECT_FALSE(read.records[0].flaw);
  EXPECT_EQ(read.records[1].flaw.value().word, text::Word::text_behind_quote);
}

TEST(CsvReader, AQuoteThatNeverClosesIsNamedWhereItOpens) {
  const ReadFile read = read_file("uid,source\n1,2\n3,\"4\n5,6\n7,8");
  ASSERT_TRUE(read.says(text::Word::quote_never_closes)) << read.said();
  EXPECT_NE(read.said().find("Line 3, column 2 (source)"), std::string::npos) << read.said();
  EXPECT_TRUE(read_file("uid,\"source\n1,2").says(text::Word::quote_never_closes));
}

TEST(CsvReader, ReadsGb18030AndUtf16) {
  const std::string utf8 = "抖音号,运营商\n老\"王\"😀,联通\n丂丂|,移动\n";
  for (const text::Encoding encoding : text::kEncodings) {
    const bool marked = encoding != text::Encoding::gb18030;
    const std::string file = text::encode(encoding, (marked ? "\uFEFF" : "") + utf8);
    const ReadFile read = read_file(file, 5);
    ASSERT_EQ(read.records.size(), 2U) << text::name(encoding) << read.said();
    EXPECT_EQ(read.format.encoding, encoding);
    EXPECT_EQ(read.format.header, (Texts{"抖音号", "运营商"}));
    EXPECT_EQ(texts(read.records[1]), (Texts{"丂丂|", "移动"}));
    EXPECT_EQ(raw_of(file, read.records[1]), text::encode(encoding, "丂丂|,移动"));
    EXPECT_FALSE(read.ascii);
  }
}

TEST(CsvReader, BytesThatAreNoTextAreNamedByLineAndByte) {
  const ReadFile read = read_file("a,b\n1,2\n3,\xC1\xAA\x80\n");
  ASSERT_TRUE(read.says(text::Word::undecodable)) << read.said();
  EXPECT_TRUE(read.fault->undecodable);
  EXPECT_NE(read.said().find("Line 3, byte 5 of that line (byte 13 of the file): the byte 0x80 is not GB18030"),
            std::string::npos)
      << read.said();
}

TEST(CsvReader, BytesThatAreNoTextAreFoundBehindTheHeadToo) {
  const std::string good = "a,b\n" + std::string(300000, '1') + ",2\n";
  for (const std::size_t chunk : {50000UL, 1000000UL}) {
    const Limits wide{.record_bytes = 1 << 20, .cells = 10};
    const ReadFile read = read_file(good + "3,\xFF\n", chunk, wide);
    ASSERT_TRUE(read.says(text::Word::undecodable)) << read.said();
    EXPECT_EQ(read.fault->message.args[0], "3");
    EXPECT_EQ(read.fault->message.args[1], "3");
  }
}

TEST(CsvReader, ANulIsRefused) {
  const ReadFile read = read_file(std::string("a,b\n1,\0", 7) + "2\n");
  EXPECT_TRUE(read.says(text::Word::nul_character)) << read.said();
  EXPECT_EQ(read.fault->message.args[0], "2");
  EXPECT_EQ(read.fault->message.args[1], "3");
}

TEST(CsvReader, AFileOfNothingIsRefusedWithWords) {
  EXPECT_TRUE(read_file("").says(text::Word::file_empty));
  EXPECT_TRUE(read_file("\n\n ,,\n").says(text::Word::file_blank));
  EXPECT_TRUE(read_file("\xEF\xBB\xBF").says(text::Word::file_blank));
  EXPECT_TRUE(read_file("a,b\n").says(text::Word::no_rows));
  EXPECT_TRUE(read_file("a,b\n,,\n\n").says(text::Word::no_rows));
}

TEST(CsvReader, FilesThatAreNoTextAreRecognised) {
  EXPECT_TRUE(read_file(std::string("PK\x03\x04\x14\0\6\0", 8)).says(text::Word::file_is_zip));
  EXPECT_TRUE(read_file("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").says(text::Word::file_is_xls));
  EXPECT_TRUE(read_file("\x1F\x8B\x08").says(text::Word::file_is_packed));
  EXPECT_TRUE(read_file("%PDF-1.7").says(text::Word::file_is_pdf));
  EXPECT_TRUE(read_file("\x89PNG\r\n\x1A\n").says(text::Word::file_is_picture));
  EXPECT_TRUE(read_file("\xFF\xD8\xFF\xE0").says(text::Word::file_is_picture));
  EXPECT_TRUE(read_file("<html><table>").says(text::Word::file_is_markup));
  EXPECT_NE(read_file("PK\x03\x04").said().find("CSV UTF-8"), std::string::npos);
}

TEST(CsvReader, WhatIsTooLongIsRefusedWithWords) {
  const Limits small{.record_bytes = 60, .cells = 5};
  for (const std::size_t chunk : {1UL, 1000UL}) {
    EXPECT_TRUE(read_file("a,b\n" + std::string(61, 'x') + ",1\n", chunk, small).says(text::Word::row_too_long));
    EXPECT_TRUE(read_file("a,b\n1,\"" + std::string(100, '\n'), chunk, small).says(text::Word::quote_never_closes));
    EXPECT_TRUE(read_file("a,b\n1,2,3,4,5,6\n", chunk, small).says(text::Word::too_many_cells));
    EXPECT_EQ(read_file("a,b\n1,2,,,,,,,,,,\n", chunk, small).records.size(), 1U) << "empty cells don't count";
    const std::string cell(19, 'y');
    EXPECT_TRUE(
        read_file("a,b\n" + cell + ',' + cell + ',' + cell + ',' + cell, chunk, small).says(text::Word::row_too_long));
    EXPECT_EQ(read_file("a,b\n" + std::string(58, 'x') + ",1\n", chunk, small).records.size(), 1U);
    EXPECT_TRUE(read_file("a,b\n" + std::string(59, 'x') + ",1\n", chunk, small).says(text::Word::row_too_long));
  }
  EXPECT_EQ(read_file("a,b\n1," + std::string(1'000'000, 'x') + "\n").records.at(0).cells[1].text.size(), 1'000'000U);
}

TEST(CsvReader, AHeaderThatNeverEndsIsRefused) {
  std::string file;
  while (file.size() < kSniffBytes + 100) file += "name" + std::string(1000, 'x') + ",";
  EXPECT_TRUE(read_file(file).says(text::Word::row_too_long)) << read_file(file).said();
}

TEST(CsvReader, ReadAgainTakesARowAndNothingElse) {
  const std::string file =
      text::encode(text::Encoding::gb18030, "抖音号,运营商\n\"王\n\"\",x\",联通\n漒\",\"联\n通\"\n");
  const ReadFile read = read_file(file);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  for (const Record& record : read.records) {
    const auto again = read_again(read.format, raw_of(file, record));
    ASSERT_TRUE(again);
    EXPECT_EQ(texts(*again), texts(record));
  }
  EXPECT_FALSE(read_again(read.format, "1,2\n"));
  EXPECT_FALSE(read_again(read.format, "1,2\n3,4"));
  EXPECT_FALSE(read_again(read.format, "1,\"2"));
  EXPECT_FALSE(read_again(read.format, "1,\x80"));
  EXPECT_FALSE(read_again(read.format, ","));
  EXPECT_FALSE(read_again(read.format, ""));
}

TEST(CsvReader, TheFormatSurvivesTheLedger) {
  Format format = read_file("\xEF\xBB\xBFsep=;\n抖\"音;b\n1;2").format;
  const Format again = format_from_ledger(to_ledger(format)).value();
  EXPECT_EQ(to_ledger(again), to_ledger(format));
  const std::string sound = to_ledger(format);
  ASSERT_TRUE(sound.starts_with("[0,"));
  for (const std::string& bad : {std::string(), std::string("{}"), std::string("[0]"), "[9," + sound.substr(3),
                                 "[-1," + sound.substr(3), "[\"0\"," + sound.substr(3), sound + "]"}) {
    const auto read = format_from_ledger(bad);
    ASSERT_FALSE(read) << bad;
    EXPECT_EQ(read.error().kind, ErrorKind::corrupt) << bad;
  }
  EXPECT_EQ(again.header, format.header);
  EXPECT_EQ(again.delimiter, ';');
  EXPECT_TRUE(again.bom);
  EXPECT_EQ(again.header_offset, 9U);
  EXPECT_EQ(again.data_offset, format.data_offset);
  EXPECT_EQ(again.data_line, 3U);
}

}  // namespace
}  // namespace sluice::records
