// Files that are easily misread: what becomes of a stray quote, a lone CR, blanks, marks and cells beyond the header.
#include "reading.hpp"

namespace sluice::records {
namespace {

constexpr std::string_view kRow = "\n7,dy7,CT,x,ok";

std::string file_of(std::initializer_list<std::string_view> lines) {
  std::string file = "uid,douyinId,source,nickname,note";
  for (const auto line : lines) file.append("\n").append(line);
  return file;
}

TEST(StrayQuotes, ThatSwallowRowsAreNamedWithTheLinesBetween) {
  // One opens a cell, another one opens a cell three lines below: what is behind the second is text behind a quote.
  ReadFile read = read_orders(file_of({"1,dy1,CT,x,\"a", "2,dy2,CT,x,b", "3,dy3,CT,x,c", "4,dy4,CT,x,\"d"}));
  EXPECT_TRUE(read.says(text::Word::quote_closes_inside)) << read.said();
  EXPECT_EQ(read.fault->message.args, (Texts{"2", "5 (note)", "5"}));
  // The second ends a value: RFC 4180 has nothing against it, but the lines are rows.
  read = read_orders(file_of({"1,dy1,CT,x,\"24", "2,dy2,CT,x,b", "3,dy3,CT,x,27\"", "4,dy4,CT,x,ok"}));
  EXPECT_TRUE(read.says(text::Word::quote_swallows_rows)) << read.said();
  EXPECT_EQ(read.fault->message.args, (Texts{"2", "5 (note)", "4"}));
  // Two lines: both read as rows. In another column, over a blank line, in any line's ending.
  EXPECT_TRUE(read_orders(file_of({"1,dy1,CT,x,\"24", "2,dy2,CT,x,27\""})).says(text::Word::quote_swallows_rows));
  EXPECT_TRUE(read_orders(file_of({"1,dy1,CT,\"24,x", "2,dy2,CT,27\",x"})).says(text::Word::quote_swallows_rows));
  EXPECT_TRUE(read_orders(file_of({"1,dy1,CT,x,\"24", "", "2,dy2,CT,x,27\""})).says(text::Word::quote_swallows_rows));
  EXPECT_TRUE(
      read_orders("uid,source,note\r\n1,CT,\"24\r\n2,CT,\"\"\r\n3,CT,27\"\r\n").says(text::Word::quote_swallows_rows));
  EXPECT_TRUE(read_orders("uid,source,note\r1,CT,\"24\r2,CT,27\"\r").says(text::Word::quote_swallows_rows));
  // The header itself.
  EXPECT_TRUE(read_orders("uid,source,\"note\n1,CT,x\n2,CT,27\"\n3,CT,y\n").says(text::Word::quote_swallows_rows));
}

TEST(StrayQuotes, AreFoundWhereverTheChunksEnd) {
  const std::string file = file_of({"1,dy1,CT,x,\"24", "2,dy2,CT,x,b", "3,dy3,CT,x,27\"", "4,dy4,CT,x,ok"});
  for (std::size_t chunk = 1; chunk < 40; ++chunk)
    EXPECT_TRUE(read_orders(file, chunk).says(text::Word::quote_swallows_rows)) << chunk;
}

TEST(StrayQuotes, AValueOverSeveralLinesIsStillAValue) {
  for (const auto* note : {"\"one\ntwo\"", "\"a, b\nc, d\n\ne\"", "\"Dear all,\nthe order is urgent, please, now\"",
                           "\"say \"\"yes\"\"\nor no\"", "\"\n\""}) {
    const ReadFile read = read_orders(file_of({"1,dy1,CT,x," + std::string(note), "2,dy2,CT,x,ok"}));
    ASSERT_EQ(read.records.size(), 2U) << note << ": " << read.said();
    EXPECT_TRUE(read.records[0].spans_lines);
    EXPECT_FALSE(read.records[1].spans_lines);
  }
  EXPECT_EQ(read_orders("note,uid,source\n\"a\nb\",1,CT\n").records.size(), 1U) << "its last line is as wide as a row";
}

TEST(StrayQuotes, ShortLinesAreLeftToWhoKnowsWhatAnOrderIs) {
  const std::string file = file_of({"1,dy1,CT,\"24", "2,dy2,CT,b", "3,dy3,CT,27\""});
  const ReadFile read = read_orders(file);
  ASSERT_EQ(read.records.size(), 1U) << read.said();
  const auto raw = raw_of(file, read.records[0]);
  Texts asked;
  const auto fault = swallowed_rows(read.format, raw, 2, [&](const Record& line) {
    EXPECT_EQ(line.cells.size(), 5U);
    asked.emplace_back(line.cells[0].text);
    return line.cells[0].text == "2";
  });
  ASSERT_TRUE(fault);
  EXPECT_EQ(fault->message.args, (Texts{"2", "4 (nickname)", "4"}));
  EXPECT_EQ(asked, (Texts{"1", "2"})) << "line by line";
  EXPECT_FALSE(swallowed_rows(read.format, raw, 2, [](const Record&) { return false; }));
}

TEST(StrayQuotes, OneThatNeverClosesIsNamedBeforeTheFileIsReadWhole) {
  std::string file = file_of({"1,dy1,CT,x,\"a"});
  while (file.size() < 3'000'000) file += kRow;
  const ReadFile read = read_orders(file);
  EXPECT_TRUE(read.says(text::Word::quote_never_closes)) << read.said();
  EXPECT_EQ(read.fault->message.args[0], "2");
}

TEST(TextBehindAQuote, MakesItsRowUnsoundAlone) {
  const ReadFile read =
      read_orders(file_of({"1,dy1,CT,\"x\\\"y\\\"\",\"a\"", "2,dy2,CT,\"x\" ,ok", "3,dy3,CT,\"x\"y,ok"}));
  ASSERT_EQ(read.records.size(), 3U) << read.said();
  ASSERT_TRUE(read.records[0].flaw);
  EXPECT_EQ(read.records[0].flaw->args, (Texts{"4 (nickname)", "y\\\"\""}));
  EXPECT_FALSE(read.records[1].flaw) << "blanks behind a quote are nothing";
  EXPECT_EQ(read.records[1].cells[3].text, "x");
  EXPECT_TRUE(read.records[2].flaw);
}

TEST(BlanksBeforeAQuote, BelongNeitherToTheDelimiterNorToTheCell) {
  const std::string file =
      "uid, source, nickname, note\n1, CT, \"x, y\",\t\"z\"\n \u3000\"2\",CT,\uFEFF\"x\",\u00A0\"y\"\n";
  const ReadFile read = read_orders(file);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(texts(read.records[0]), (Texts{"1", " CT", "x, y", "z"}));
  EXPECT_EQ(texts(read.records[1]), (Texts{"2", "CT", "x", "y"}));
  EXPECT_NE(results_of(file).find("\n1, CT, \"x, y\",\t\"z\","), std::string::npos) << "bytes are kept";
  EXPECT_EQ(read_orders("uid\tnickname\n1\t\"x\"\n\t\"y\"\n").records.size(), 2U) << "a tab that delimits is no blank";
}

TEST(ALoneCr, IsACharacterWhereTheHeaderEndsInLf) {
  for (const std::string newline : {"\n", "\r\n"}) {
    const std::string file = "uid,nickname" + newline + "1,x\ry" + newline + "2,\"a\rb\"" + newline + "3,\xFF";
    for (const std::size_t chunk : {1UL, 2UL, 1000UL}) {
      const ReadFile read = read_as(file, text::Encoding::utf8, chunk);
      ASSERT_TRUE(read.fault);
      EXPECT_EQ(read.fault->message.args[0], "4") << "it counts for no line either";
      const ReadFile sound = read_orders(file.substr(0, file.size() - 1), chunk);
      ASSERT_EQ(sound.records.size(), 3U) << sound.said();
      EXPECT_EQ(texts(sound.records[0]), (Texts{"1", "x\ry"}));
      EXPECT_EQ(texts(sound.records[1]), (Texts{"2", "a\rb"}));
      EXPECT_EQ(sound.records[2].line, 4U);
    }
  }
  const std::string twice = "uid,nickname\r\n1,\"x\"y\r\r\n2,y\r";
  const ReadFile read = read_orders(twice);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_TRUE(read_again(read.format, raw_of(twice, read.records[0]))) << "a row that ends in one";
  EXPECT_EQ(texts(read.records[1]), (Texts{"2", "y"})) << "a line end cut in two by the file's end";
  const ReadFile mac = read_orders("uid,nickname\r1,x\r2,y");
  EXPECT_EQ(mac.records.size(), 2U);
}

TEST(TheEndMarkOfDos, IsTheEnd) {
  for (const auto* end : {"\x1A", "\n\x1A", "\n\x1A\x1A\x1A", "\n\x1A\r\n"}) {
    const std::string file = "uid,nickname\n1,x\n2,y" + std::string(end);
    for (const std::size_t chunk : {1UL, 1000UL}) {
      const ReadFile read = read_orders(file, chunk);
      ASSERT_EQ(read.records.size(), 2U) << read.said();
      EXPECT_EQ(texts(read.records[1]), (Texts{"2", "y"}));
      EXPECT_EQ(read_orders(results_of(file)).records.size(), 2U);
    }
  }
  EXPECT_EQ(read_orders("uid,nickname\n1,\"x\"\x1A").records.at(0).cells[1].text, "x");
  EXPECT_EQ(read_orders("[{\"uid\":1}]\r\n\x1A").records.size(), 1U);
  EXPECT_EQ(read_orders("{\"uid\":1}\n{\"uid\":2}\n\x1A", 1).records.size(), 2U);
  EXPECT_TRUE(read_orders("\x1A").says(text::Word::file_blank));
  EXPECT_EQ(read_orders("uid,nickname\n1,x\x1Ay\n").records.at(0).cells[1].text, "x\x1Ay");
}

TEST(ByteOrderMarks, AtAFilesLinesOrCellsBeginAreNothing) {
  ReadFile read = read_file("\uFEFF\uFEFF\"uid\",\"\uFEFFnick\"\n\uFEFF\"1\",x\n2,\uFEFFy\n");
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.header, (Texts{"uid", "nick"}));
  EXPECT_EQ(texts(read.records[0]), (Texts{"1", "x"}));
  EXPECT_EQ(texts(read.records[1]), (Texts{"2", "y"}));
  read = read_file("\uFEFF\uFEFF[{\"uid\":1}]");
  EXPECT_EQ(read.records.size(), 1U) << read.said();
  read = read_file("\uFEFF{\"uid\":1}\n\uFEFF{\"uid\":2}\n", 1);
  EXPECT_EQ(read.records.size(), 2U) << read.said();
}

TEST(CellsBeyondTheHeader, AreCountedEvenWhereTheyAreEmpty) {
  const ReadFile read = read_orders("uid,nickname,,\n1,x\n2,y,,\n3,z,,,\n4,z,w\n");
  ASSERT_EQ(read.records.size(), 4U) << read.said();
  EXPECT_EQ(read.format.header_cells, 4U);
  EXPECT_EQ(read.records[0].beyond, 0U);
  EXPECT_EQ(read.records[1].beyond, 2U);
  EXPECT_EQ(read.records[2].beyond, 3U);
  EXPECT_EQ(read.records[2].cells.size(), 2U);
  EXPECT_EQ(read.records[3].cells.size(), 3U);
}

TEST(ColumnsWithoutANameToTheRight, DontCountHoweverMany) {
  const std::string tail(16378, ',');
  const std::string file = "uid,nickname" + tail + "\n1,x" + tail + "\n2,y" + tail + "\n";
  const ReadFile read = read_orders(file);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.header, (Texts{"uid", "nickname"}));
  EXPECT_EQ(read.records[0].cells.size(), 2U);
  EXPECT_NE(results_of(file).find("\n1,x,accepted,"), std::string::npos);
}

}  // namespace
}  // namespace sluice::records
