// What a file is told to be by the names of its columns, and what is said where they can't be found.
#include "reading.hpp"

namespace sluice::records {
namespace {

TEST(TheDelimiter, IsTheOneThatMostKnownColumnsAreFoundUnder) {
  EXPECT_EQ(read_orders("uid|douyinId|source\n1|a|CT\n").format.delimiter, '|');
  const ReadFile read = read_orders("uid;douyinId;source;note (a, b, c, d, e, f)\n1;a;CT;x\n");
  EXPECT_EQ(read.format.delimiter, ';') << read.said();
  EXPECT_EQ(read_orders("note;a;b;c,uid,source\n1,2,3\n").format.delimiter, ',');
  EXPECT_EQ(read_orders("sep=|\nuid|source\n1|CT\n").format.header, (Texts{"uid", "source"}));
  EXPECT_EQ(results_of("a|b\n1|2\n").substr(0, 12), "a|b|result|r");
}

TEST(TheDelimiter, IsNamedWhereItIsNoneWeRead) {
  for (const std::string separator : {"，", "；", "、", "^", "~", " ", ":", "｜", "\x1F"}) {
    const ReadFile read = read_orders("uid" + separator + "douyinId" + separator + "source\n1\n");
    ASSERT_TRUE(read.says(text::Word::unknown_delimiter)) << separator << ": " << read.said();
    EXPECT_EQ(read.fault->message.args[0], "1");
  }
  EXPECT_TRUE(read_orders("uid,douyinId，source，nickname\n1\n").says(text::Word::unknown_delimiter)) << "mixed";
  EXPECT_TRUE(read_orders("\"uid,douyinId,source\"\n\"1,a,CT\"\n").says(text::Word::whole_lines_quoted));
  EXPECT_TRUE(read_orders("\"uid,\"\"douyinId\"\",source\",,\n").says(text::Word::whole_lines_quoted));
}

TEST(TheHeader, IsLookedForBelowTitles) {
  const ReadFile read = read_orders("\nOrders of November\n\nby: x,y\nuid,douyinId,source\n1,a,CT\n");
  ASSERT_TRUE(read.says(text::Word::title_above_header)) << read.said();
  EXPECT_EQ(read.fault->message.args, (Texts{"2", "5"}));
  EXPECT_EQ(read_orders("uid,x\nuid,douyinId\n").records.size(), 1U) << "a header again is no title";
  EXPECT_EQ(read_file("Orders\nuid,douyinId\n").records.size(), 1U) << "nobody knows the columns";
}

TEST(JsonWrapper, ThatNobodyKnowsIsTakenWhereItIsTheOnlyListOfObjects) {
  ReadFile read = read_orders(R"({"total":2,"tags":[1],"RECORDS":[{"uid":1},{"uid":2}],"x":[[]],"y":{}})", 1);
  ASSERT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read.format.wrapper, "RECORDS");
  EXPECT_NE(results_of(R"({"packOrder":[{"uid":1}]})").find("\"result\""), std::string::npos);
  read = read_orders(R"({"a":[{"uid":1}],"b":[{"uid":2}]})");
  EXPECT_TRUE(read.says(text::Word::json_several_lists)) << read.said();
  EXPECT_TRUE(read_orders(R"({"a":[{"uid":1}],"a":[{"uid":2}]})").says(text::Word::json_several_lists));
  // The second one lies beyond what is sniffed.
  std::string large = R"({"a":[{"uid":1})";
  while (large.size() < kSniffBytes) large += R"(,{"uid":1})";
  read = read_orders(large + R"(],"b":[ {"uid":2}]})");
  EXPECT_TRUE(read.says(text::Word::json_several_lists)) << read.said();
  EXPECT_FALSE(read_orders(large + "]}").fault);
}

TEST(JsonWrapper, IsNamedWhereTheOrdersStandDeeper) {
  const ReadFile read = read_orders(R"({"code":0,"data":{"n":1,"list":[{"uid":1}]}})");
  ASSERT_TRUE(read.says(text::Word::json_list_too_deep)) << read.said();
  EXPECT_EQ(read.fault->message.args[1], "\"data\" > \"list\"");
}

TEST(JsonWrapper, IsNoneWhereTheObjectIsAnOrder) {
  const ReadFile read = read_orders("{\"uid\":1,\"tags\":[{\"a\":1}]}\n{\"uid\":2}\n");
  EXPECT_EQ(read.records.size(), 2U) << read.said();
  EXPECT_EQ(read_file(R"({"x":[{"uid":1}]})").format.shape, Shape::json_lines) << "nobody knows the columns";
}

TEST(JsonByColumns, IsToldFromOrders) {
  EXPECT_TRUE(read_orders(R"({"uid":{"0":"1","1":"2"},"source":{"0":"CT"}})").says(text::Word::json_by_columns));
  EXPECT_TRUE(read_orders(R"({"uid":["1","2"],"source":["CT","CT"]})").says(text::Word::json_by_columns));
}

TEST(Signatures, NameDocumentsAndDatabases) {
  EXPECT_TRUE(read_file("{\\rtf1\\ansi\n").says(text::Word::file_is_rtf));
  EXPECT_TRUE(read_file("MIME-Version: 1.0\nContent-Type: multipart/related\n").says(text::Word::file_is_markup));
  EXPECT_TRUE(read_file("From: <Saved by Blink>\n").says(text::Word::file_is_markup));
  EXPECT_TRUE(read_file(std::string_view("SQLite format 3\0", 16)).says(text::Word::file_is_database));
  EXPECT_TRUE(read_file("INSERT INTO `orders` VALUES (1);").says(text::Word::file_is_database));
}

}  // namespace
}  // namespace sluice::records
