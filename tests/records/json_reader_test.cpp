#include "reading.hpp"

namespace sluice::records {
namespace {

TEST(JsonReader, ReadsAnArrayOfOrders) {
  const std::string file =
      "[\n  {\"uid\": 17872308245801546, \"isRenew\": false, \"note\": null},\n  {\"uid\":\"95\"}\n]\n";
  const ReadFile read = read_file(file);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.shape, Shape::json_array);
  const Record& first = read.records[0];
  EXPECT_EQ(first.names, (Texts{"uid", "isRenew", "note"}));
  EXPECT_EQ(texts(first), (Texts{"17872308245801546", "false", "null"})) << "ids are exact";
  EXPECT_EQ(first.cells[0].kind, CellKind::number);
  EXPECT_EQ(first.cells[1].kind, CellKind::boolean);
  EXPECT_EQ(first.cells[2].kind, CellKind::null);
  EXPECT_EQ(read.records[1].line, 2U) << "the order's number";
  EXPECT_EQ(raw_of(file, read.records[1]), "{\"uid\":\"95\"}");
  EXPECT_EQ(read.format.data_offset, first.ref.offset);
}

TEST(JsonReader, ReadsTheWrappersWithTheirOtherMembers) {
  const ReadFile read = read_file(R"({"by":{"a":[1,{"packOrder":2}]},"packOrder":[{"uid":"1"},{"uid":"2"}],"n":12})");
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.shape, Shape::json_wrapped);
  EXPECT_EQ(read.format.wrapper, "packOrder");
  EXPECT_EQ(read.format.data_offset, read.records[0].ref.offset);
  EXPECT_EQ(read_file(R"({"modifyOrders":[{"orderId":"1"}]})").format.wrapper, "modifyOrders");
}

TEST(JsonReader, ReadsJsonLinesWithBlankLines) {
  const ReadFile read = read_file("\n{\"uid\":1}\r\n\r\n  {\"uid\":2}\r\n\n");
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.shape, Shape::json_lines);
  EXPECT_EQ(read_file("{\"uid\":1}").records.size(), 1U) << "one order alone";
  const ReadFile run_on = read_file("{\"uid\":1} {\"uid\":2}");
  EXPECT_TRUE(run_on.says(text::Word::json_line_expected)) << run_on.said();
}

TEST(JsonReader, KeepsRepeatedAndNestedMembers) {
  const ReadFile read = read_file(R"([{"a":1,"a":[1,"}"],"b":{"c":"]"},"":""}])");
  ASSERT_EQ(read.records.size(), 1U) << read.said();
  EXPECT_EQ(read.records[0].names, (Texts{"a", "a", "b", ""}));
  EXPECT_EQ(texts(read.records[0]), (Texts{"1", "[1,\"}\"]", "{\"c\":\"]\"}", ""}));
  EXPECT_EQ(read.records[0].cells[1].kind, CellKind::nested);
}

TEST(JsonReader, UnescapesNamesAndTexts) {
  const ReadFile read = read_file(R"([{"\u7528\u6237ID":"\"\\\/\b\f\n\r\t\uD83D\uDE00\u00e9x"}])");
  ASSERT_EQ(read.records.size(), 1U) << read.said();
  EXPECT_EQ(read.records[0].names[0], "用户ID");
  EXPECT_EQ(read.records[0].cells[0].text, "\"\\/\b\f\n\r\t😀éx");
}

TEST(JsonReader, ReadsEveryEncodingWithItsOwnPlaces) {
  // In GB18030 the second byte of 漒 is a backslash, of 弡 a bracket, of 鐋 and 鑶 other bytes that JSON lives by.
  const std::string utf8 = "[{\"昵称\":\"漒弡鐋鑶\",\"uid\":\"1\"},{\"昵称\":\"乗乕乚乛\",\"uid\":\"2\"}]";
  for (const text::Encoding encoding : text::kEncodings) {
    const bool marked = encoding != text::Encoding::gb18030;
    const std::string file = text::encode(encoding, (marked ? "\uFEFF" : "") + utf8);
    for (const std::size_t chunk : {1UL, 3UL, 1000UL}) {
      const ReadFile read = read_file(file, chunk);
      ASSERT_EQ(read.records.size(), 2U) << text::name(encoding) << read.said();
      EXPECT_EQ(texts(read.records[0]), (Texts{"漒弡鐋鑶", "1"}));
      EXPECT_EQ(raw_of(file, read.records[1]), text::encode(encoding, "{\"昵称\":\"乗乕乚乛\",\"uid\":\"2\"}"));
      const auto again = read_again(read.format, raw_of(file, read.records[1]));
      ASSERT_TRUE(again);
      EXPECT_EQ(texts(*again), texts(read.records[1]));
    }
  }
}

struct BadFile {
  std::string file;
  text::Word word;
  std::string place;
};

TEST(JsonReader, BrokenStructureIsNamedByLineAndColumn) {
  using text::Word;
  const BadFile cases[] = {
      {"[{\"a\":1},\n 7]", Word::json_order_expected, "Line 2, column 2"},
      {"[7]", Word::json_order_or_end, "Line 1, column 2"},
      {"[[]]", Word::json_order_or_end, "Line 1, column 2"},
      {"[]", Word::no_orders, "Line 1, column 2"},
      {"[ ", Word::json_ends_early, "Line 1, column 3"},
      {"{\"packOrder\":[]}", Word::no_orders, "Line 1, column 15"},
      {"{\"packOrder\":{}}", Word::json_list_expected, "Line 1, column 14"},
      {"[{\"联通\" 1}]", Word::json_colon_expected, "Line 1, column 8"},
      {"[{\"a\":1,}]", Word::json_trailing_comma, "Line 1, column 9"},
      {"[{\"a\":1,,}]", Word::json_name_expected, "Line 1, column 9"},
      {"[{a:1}]", Word::json_name_or_brace, "Line 1, column 3"},
      {"[{\"a\":1} {\"a\":1}]", Word::json_comma_or_bracket, "Line 1, column 10"},
      {"[{\"a\":1},]", Word::json_trailing_comma, "Line 1, column 10"},
      {"{\"packOrder\":[{\"a\":1}],}", Word::json_trailing_comma, "Line 1, column 24"},
      {"[{\"a\":1}]x", Word::json_more_after_end, "Line 1, column 10"},
      {"[{\"a\":1", Word::json_ends_early, "Line 1, column 8"},
      {"[{\"a\":tru}]", Word::json_bad_literal, "Line 1, column 10"},
      {"[{\"a\":01}]", Word::json_bad_number, "Line 1, column 8"},
      {"[{\"a\":\"\n\"}]", Word::json_bad_text, "Line 1, column 8"},
      {"[{\"a\":\"\\x\"}]", Word::json_bad_escape, "Line 1, column 9"},
      {"[{\"a\":\"\\u12G\"}]", Word::json_bad_hex, "Line 1, column 12"},
      {"[{\"a\":\"\\ud83d.\"}]", Word::json_lone_surrogate, "Line 1, column 14: \\ud83d is half"},
      {"{\"packOrder\":[{\"a\":1}],\"modifyOrders\":[]}", Word::json_second_list, "Line 1, column 24"},
      {"{\"packOrder\":[{\"a\":1}],\"packOrder\":[{\"a\":1}]}", Word::json_second_list, "Line 1, column 24"},
      {"{\"packOrder\":[{\"a\":1}]}\n{}", Word::json_more_after_end, "Line 2, column 1"},
      {"{\"a\":1}\r\n\r\n7", Word::json_order_expected, "Line 3, column 1"},
      {"{\"a\":1}\n7", Word::json_order_expected, "Line 2, column 1"},
  };
  for (const BadFile& bad : cases) {
    for (const std::size_t chunk : {1UL, 1000UL}) {
      const ReadFile read = read_file(bad.file, chunk);
      EXPECT_TRUE(read.says(bad.word)) << bad.file << ": " << read.said();
      EXPECT_TRUE(read.said().starts_with(bad.place)) << bad.file << ": " << read.said();
    }
  }
}

TEST(JsonReader, HabitsOfOtherNotationsAreNamed) {
  using text::Word;
  const BadFile cases[] = {
      {"[\n{\"a\":1, // note\n\"b\":2}]", Word::json_comment, "Line 2, column 9"},
      {"// note\n[{\"a\":1}]", Word::json_comment, "Line 1, column 1"},
      {" /* note */ [{\"a\":1}]", Word::json_comment, "Line 1, column 2"},
      {"[{\"a\":1} # note\n]", Word::json_comment, "Line 1, column 10"},
      {"[{'a':1}]", Word::json_wrong_quote, "Line 1, column 3"},
      {"[{\"a\":'1'}]", Word::json_wrong_quote, "Line 1, column 7"},
      {"[{“a”:1}]", Word::json_wrong_quote, "Line 1, column 3"},
      {"[{\"a\"：1}]", Word::json_full_width, "Line 1, column 6"},
      {"[{\"a\":1，\"b\":2}]", Word::json_full_width, "Line 1, column 8"},
      {"[{\"a\":NaN}]", Word::json_foreign_literal, "Line 1, column 7"},
      {"[{\"a\":Infinity}]", Word::json_foreign_literal, "Line 1, column 7"},
      {"[{\"a\":True}]", Word::json_foreign_literal, "Line 1, column 7"},
      {"[{\"a\":None}]", Word::json_foreign_literal, "Line 1, column 7"},
  };
  for (const BadFile& bad : cases) {
    for (const std::size_t chunk : {1UL, 1000UL}) {
      const ReadFile read = read_file(bad.file, chunk);
      EXPECT_TRUE(read.says(bad.word)) << bad.file << ": " << read.said();
      EXPECT_TRUE(read.said().starts_with(bad.place)) << bad.file << ": " << read.said();
    }
  }
  EXPECT_EQ(read_file("[{\"a\":\"// ' “ ： NaN\"}]").records.size(), 1U) << "in text they are what they are";
}

TEST(JsonReader, NestingIsBounded) {
  const auto nested = [](std::size_t levels) {
    return "[{\"a\":" + std::string(levels, '[') + std::string(levels, ']') + "}]";
  };
  EXPECT_EQ(read_file(nested(63)).records.size(), 1U);
  EXPECT_TRUE(read_file(nested(64)).says(text::Word::json_too_deep));
  EXPECT_NE(read_file(nested(100000)).said().find("64 levels"), std::string::npos);
}

TEST(JsonReader, WhatIsTooLongIsRefusedWithWords) {
  const Limits small{.record_bytes = 100, .cells = 3};
  for (const std::size_t chunk : {1UL, 1000UL}) {
    EXPECT_TRUE(read_file("[{\"a\":\"" + std::string(100, 'x') + "\"}]", chunk, small).says(text::Word::row_too_long));
    EXPECT_TRUE(read_file("[{\"a\":\"" + std::string(200, 'x') + "\"}]", chunk, small).says(text::Word::row_too_long));
    EXPECT_TRUE(read_file(R"([{"a":1,"b":2,"c":3,"d":4}])", chunk, small).says(text::Word::too_many_cells));
  }
}

TEST(JsonReader, AWrappersOtherMembersAreNotHeld) {
  const std::string filler(400000, 'x');
  const ReadFile read =
      read_file("{\"packOrder\":[{\"a\":1}],\"log\":\"" + filler + "\"}", 1000, {.record_bytes = 1000});
  EXPECT_EQ(read.records.size(), 1U) << read.said();
}

TEST(JsonReader, ReadAgainTakesAnObjectAndNothingElse) {
  const Format format = read_file("[{\"a\":1}]").format;
  EXPECT_TRUE(read_again(format, "{\"a\":1}"));
  for (const char* bad : {"", "{", "{\"a\":1},", " {\"a\":1}", "[1]", "{\"a\":1}{}", "1"}) {
    EXPECT_FALSE(read_again(format, bad)) << bad;
  }
}

}  // namespace
}  // namespace sluice::records
