#include "reading.hpp"

namespace sluice::records {
namespace {

constexpr std::string_view kHeader =
    ",result,result_status,result_message,result_order_id,result_start_time,result_end_time,result_row,result_attempts,"
    "result_request,result_at,result_text";

std::string added(std::string_view line) {
  return ",accepted,1,Operation successful,17872308245801546,2026-11-22,2026-12-31," + std::string(line) +
         ",1,r7,2026-11-21T13:05:09.042Z,accepted";
}

std::string subset_of(std::string_view file, std::uint64_t row) {
  return write_file(
      file, read_file(file), false, [=](const Record& record) { return record.ref.row == row; }, accepted);
}

/// One row's message cell, as it stands in the results of a comma file.
std::string message_cell(std::string message, std::string_view file = "uid\n1\n") {
  const std::string out = write_file(
      file, read_file(file), true, [](const Record&) { return true; },
      [&](const Record& record) {
        RowResult result;
        result.row = record.ref.row;
        result.message = message;
        return result;
      });
  const ReadFile read = read_file(out);
  EXPECT_EQ(read.records.size(), 1U) << out;
  return std::string(read.records.empty() ? "" : read.records[0].cells.end()[-9].text);
}

TEST(CsvWriter, AppendsTheResultColumnsAndKeepsEveryByte) {
  const std::string file = "uid,\"so\"\"urce\"\r\n94,  \"China\r\nUnicom\" \r\n\r\n'95,=1+1\r\n";
  EXPECT_EQ(results_of(file), "uid,\"so\"\"urce\"" + std::string(kHeader) + "\r\n94,  \"China\r\nUnicom\" " +
                                  added("2") + "\r\n\r\n'95,=1+1" + added("5") + "\r\n");
}

TEST(CsvWriter, SaysTheOutcomeInTheFilesLanguageLast) {
  const std::string file = "uid\n1\n2\n3\n";
  const ReadFile read = read_file(file);
  const auto last_cells = [&](text::Lang lang) {
    std::string out;
    Writer writer(read.format, true, false, lang);
    writer.begin(file.substr(0, read.records[0].ref.offset), out);
    for (const Record& record : read.records) {
      auto result = accepted(record);
      // The second row differs in its outcome alone.
      result.outcome = record.ref.row == 2 ? Outcome::in_doubt : Outcome::accepted_earlier;
      writer.row(record, raw_of(file, record), "\n", result, out);
    }
    std::vector<std::string> cells;
    for (const Record& record : read_file(out).records) cells.emplace_back(record.cells.back().text);
    return cells;
  };
  EXPECT_EQ(last_cells(text::Lang::en), (std::vector<std::string>{"accepted earlier", "in doubt", "accepted earlier"}));
  EXPECT_EQ(last_cells(text::Lang::zh), (std::vector<std::string>{"此前已成功", "存疑", "此前已成功"}));
}

TEST(CsvWriter, ResultsFollowEachRowInItsPlace) {
  EXPECT_EQ(results_of("a,b\n1,2\n\n3,4"),
            "a,b" + std::string(kHeader) + "\n1,2" + added("2") + "\n\n3,4" + added("4"));
  EXPECT_EQ(results_of("a,b\r1,\"x\ry\"\r3,4\r"),
            "a,b" + std::string(kHeader) + "\r1,\"x\ry\"" + added("2") + "\r3,4" + added("4") + "\r");
}

TEST(CsvWriter, ShortRowsAreFilledAndLongOnesCut) {
  EXPECT_EQ(results_of("a,b,c\n1\n1,2,3,4,5\n1,2,3,\n"), "a,b,c" + std::string(kHeader) + "\n1,," + added("2") +
                                                             "\n1,2,3" + added("3") + "\n1,2,3" + added("4") + "\n");
}

TEST(CsvWriter, ColumnsOfAnEarlierRunAreCutWhereverTheyStand) {
  EXPECT_EQ(results_of("result,a,result_message,b,result_row,result_text\nold,\"1,\",\"x\ny\",2,9,x\nold,3\n"),
            "a,b" + std::string(kHeader) + "\n\"1,\",2" + added("2") + "\n3," + added("4") + "\n");
  EXPECT_EQ(results_of("a,Result,results\n1,2,3\n"),
            "a,Result,results" + std::string(kHeader) + "\n1,2,3" + added("2") + "\n")
      << "exactly these are ours";
}

TEST(CsvWriter, ResultsDroppedInAgainComeOutTheSame) {
  const std::string file = "sep=,\nuid,source,,\n1,联通,,\n2\n,,\n3,\"a\"\"b\",x,\n";
  const std::string once = results_of(file);
  EXPECT_EQ(results_of(once), once);
}

TEST(CsvWriter, ASubsetIsAFileThatCanBeDroppedIn) {
  const std::string file = "\xEF\xBB\xBFsep=;\r\nuid;源\r\n1;a\r\n\r\n2;b\r\n3;c";
  const std::string out = subset_of(file, 2);
  EXPECT_TRUE(out.starts_with("\xEF\xBB\xBFsep=;\r\nuid;源;result;result_status")) << out;
  const ReadFile read = read_file(out);
  ASSERT_EQ(read.records.size(), 1U) << read.said();
  EXPECT_EQ(read.records[0].cells[0].text, "2");
  EXPECT_EQ(read.records[0].cells[8].text, "5") << "the line it had in the input";
  EXPECT_FALSE(out.ends_with("\n")) << "as in the input";
}

TEST(CsvWriter, WritesInTheInputsOwnEncodingAndDelimiter) {
  const std::string utf8 = "抖音号\t运营商\r\n王😀\t联通\r\n李\t\"移\t动\"\r\n";
  for (const text::Encoding encoding : text::kEncodings) {
    const std::string mark = encoding == text::Encoding::gb18030 ? "" : "\uFEFF";
    const auto results = [&](std::string_view file) {
      return write_file(
          file, read_file(file), true, [](const Record&) { return true; },
          [](const Record& record) {
            RowResult result = accepted(record);
            result.message = "下单成功";
            return result;
          });
    };
    EXPECT_EQ(results(text::encode(encoding, mark + utf8)), text::encode(encoding, results(mark + utf8)))
        << text::name(encoding);
  }
}

TEST(CsvWriter, WhatASpreadsheetWouldRunIsProtected) {
  for (const std::string begin : {"=", "+", "-", "@", "\t", "\r"}) {
    EXPECT_EQ(message_cell(begin + "cmd|x"), '\'' + begin + "cmd|x");
  }
  for (const std::string begin : {"＝", "＋", "－", "＠"}) {
    EXPECT_EQ(message_cell(begin + "1", "源\n1\n"), '\'' + begin + "1");
  }
  for (const std::string blanks : {"\u00a0", "\u3000", " \ufeff "}) {
    EXPECT_EQ(message_cell(blanks + "=1", "源\n1\n"), '\'' + blanks + "=1") << "some trim before they look";
  }
  EXPECT_EQ(message_cell(" =1"), "' =1");
  EXPECT_EQ(message_cell(" a"), " a");
  EXPECT_EQ(message_cell("a=1"), "a=1");
  EXPECT_TRUE(results_of("uid\n=1+1\n").find("\n=1+1,") != std::string::npos) << "the input's own bytes stay";
}

TEST(CsvWriter, AStatusBelowZeroIsProtectedToo) {
  const std::string file = "uid\n1\n";
  const auto below_zero = [](const Record& record) {
    auto result = accepted(record);
    result.status = -1;
    return result;
  };
  const auto out = write_file(file, read_file(file), true, [](const Record&) { return true; }, below_zero);
  EXPECT_TRUE(out.contains("\n1,accepted,'-1,")) << out;
}

TEST(CsvWriter, WhatASpreadsheetWouldRunIsProtectedToWhereItPartsTheFileOtherwise) {
  const std::string tabs = "uid\tnote\n1\tx\n";
  EXPECT_EQ(message_cell("refused,=cmd|x", tabs), "refused,'=cmd|x");
  EXPECT_EQ(message_cell("a; @b", tabs), "a;' @b");
  EXPECT_EQ(message_cell("a|-1"), "a|'-1");
  EXPECT_EQ(message_cell("a\n=1"), "a\n'=1");
  EXPECT_EQ(message_cell("a,=1"), "a,=1") << "in quotes, and of the format that the file is";
  EXPECT_EQ(message_cell("a,b; c", tabs), "a,b; c");
}

TEST(CsvWriter, OurCellsAreQuotedWhereCsvNeedsIt) {
  EXPECT_EQ(message_cell("say \"x\", then\nstop"), "say \"x\", then\nstop");
}

TEST(CsvWriter, AsciiInputGetsAsciiMessages) {
  EXPECT_EQ(message_cell("不行"), "\\u4E0D\\u884C");
  EXPECT_EQ(message_cell("不行", "源\n1\n"), "不行");
}

TEST(CsvWriter, AbsentValuesAreEmptyCells) {
  const std::string file = "a\n1\n";
  const std::string out = write_file(
      file, read_file(file), true, [](const Record&) { return true; },
      [](const Record&) { return RowResult{.row = 1, .outcome = Outcome::invalid}; });
  EXPECT_TRUE(out.ends_with("\n1,invalid,,,,,,2,0,,,invalid\n")) << out;
}

}  // namespace
}  // namespace sluice::records
