#include "records/csv_row.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace sluice::records {
namespace {

/// What a row says of itself, to be compared.
std::string told(const CsvRow& row, CsvRow::Status status, std::string_view text) {
  std::string all = std::to_string(static_cast<int>(status));
  if (status != CsvRow::Status::row) return all;
  all += " " + std::to_string(row.end) + " " + std::to_string(row.next) + (row.blank(text) ? " blank" : "");
  std::string kept;
  const auto keep = [&](std::string value) -> std::string_view { return kept = std::move(value); };
  for (const auto cell : row.cells) {
    all += " [" + std::to_string(cell.begin) + "-" + std::to_string(cell.end) + " ";
    all.append(value_of(text, cell, keep)).append("]");
  }
  return all;
}

TEST(CsvRow, ThePlainWayAndTheCarefulOneReadEveryLineAlike) {
  constexpr std::string_view kPieces[] = {"a",  "1234567", ",",      ",",    ";", "\t",     "\n", "\r\n",
                                          "\r", "\"",      "\uFEFF", "联通", " ", "\u3000", "",   "\x1A"};
  std::mt19937_64 random(5);
  std::size_t plain = 0;
  for (int round = 0; round < 30'000; ++round) {
    std::string text;
    for (auto pieces = random() % 14; pieces > 0; --pieces) text += kPieces[random() % std::size(kPieces)];
    const CsvDialect dialect{.delimiter = ",;\t"[random() % 3], .lone_cr_ends = random() % 3 == 0};
    const Limits limits{.cells = 1 + random() % 6};
    const bool last = random() % 2 == 0;
    CsvRow one;
    CsvRow other;
    const auto fast = one.scan(text, dialect, last, limits);
    const auto careful = other.scan_carefully(text, dialect, last, limits);
    plain += one.plain ? 1 : 0;
    ASSERT_EQ(told(one, fast, text), told(other, careful, text)) << text;
  }
  EXPECT_GT(plain, 1000U) << "both ways were gone";
}

}  // namespace
}  // namespace sluice::records
