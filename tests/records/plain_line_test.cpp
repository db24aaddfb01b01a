#include "records/plain_line.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "records/csv_row.hpp"

namespace sluice::records {
namespace {

/// What was read, to be compared.
std::string told(const Record& record) {
  std::string all = std::to_string(record.beyond);
  for (const auto& cell : record.cells)
    all.append(cell.kind == CellKind::missing ? " missing" : " [" + std::string(cell.text) + "]");
  return all;
}

class AnyLines : public ::testing::Test {
 protected:
  std::string line() {
    constexpr std::string_view kPieces[] = {"a",  "1234567", ",",      ",",    ";", "\t",     ",", "\x7F", "=",
                                            "\r", "\"",      "\uFEFF", "联通", " ", "\u3000", "",  "\x1A"};
    std::string text;
    for (auto pieces = random() % 14; pieces > 0; --pieces) text += kPieces[random() % std::size(kPieces)];
    if (random() % 8 == 0) text += std::string(random() % 150, 'z');
    return text;
  }
  CsvDialect any_dialect() { return {.delimiter = ",;\t"[random() % 3], .lone_cr_ends = false}; }

  std::mt19937_64 random{5};
  std::size_t plain = 0;
};

TEST_F(AnyLines, APlainLineReadsAsTheCarefulWayReadsIt) {
  for (int round = 0; round < 30'000; ++round) {
    auto text = line();
    if (random() % 4 != 0) text += random() % 2 == 0 ? "\n" : "\r\n";
    const auto lines = text + line();
    const auto dialect = any_dialect();
    const Limits limits{.record_bytes = random() % 9 == 0 ? 60U : 1000U, .cells = 1 + random() % 6};
    const auto columns = 1 + random() % 5;
    Record fast;
    const auto length = PlainLine(dialect.delimiter, columns, limits).line(lines, fast);
    if (!length) continue;
    ++plain;
    CsvRow row;
    Record careful;
    ASSERT_EQ(row.scan(lines, dialect, false, limits), CsvRow::Status::row) << lines;
    fill_record(lines, row, columns, careful);
    ASSERT_EQ(told(fast), told(careful)) << lines;
    ASSERT_EQ(length->row, row.end) << lines;
    ASSERT_EQ(length->line, row.next) << lines;
    ASSERT_FALSE(row.blank(lines)) << lines;
    ASSERT_LE(row.end, limits.record_bytes) << lines;
  }
  EXPECT_GT(plain, 1000U);
}

TEST_F(AnyLines, APlainRowAloneReadsAsTheCarefulWayReadsIt) {
  for (int round = 0; round < 30'000; ++round) {
    const auto text = line();
    const auto dialect = any_dialect();
    const auto columns = 1 + random() % 5;
    Record fast;
    if (!PlainLine(dialect.delimiter, columns, {}).row(text, fast)) continue;
    ++plain;
    CsvRow row;
    Record careful;
    ASSERT_EQ(row.scan(text, dialect, true, {}), CsvRow::Status::row) << text;
    fill_record(text, row, columns, careful);
    ASSERT_EQ(told(fast), told(careful)) << text;
    ASSERT_EQ(row.end, text.size()) << text;
    ASSERT_FALSE(row.blank(text)) << text;
  }
  EXPECT_GT(plain, 1000U);
}

TEST(PlainLine, WhatIsQuotedBlankOrCutOffIsForTheCarefulWay) {
  Record record;
  const PlainLine plain(',', 2, {});
  for (const std::string_view text : {"a,\"b\"\n", " ,\n", ",\n", "a,b", "", "\uFEFFa,b\n", "a,b,c\n"})
    EXPECT_FALSE(plain.line(text, record)) << text;
  EXPECT_TRUE(plain.line("a,b,,\n", record));
  EXPECT_FALSE(plain.row("a,b\nc,d", record));
}

}  // namespace
}  // namespace sluice::records
