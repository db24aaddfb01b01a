#include "adapters/packing/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace sluice::adapters::packing {
namespace {

using records::Outcome;
using records::RowResult;
using testing::ElementsAre;

RowResult accepted(std::uint64_t row) {
  return {.row = row,
          .outcome = Outcome::accepted,
          .status = 1,
          .message = "Operation successful",
          .order_id = std::to_string(17'872'308'245'801'546 + row * 7'654'321),
          .start_time = "2026-11-22",
          .end_time = "2026-12-31",
          .attempts = 1,
          .request = "20261121-1-b7-1",
          .at = WallTime(Millis(1'795'000'000'000))};
}

std::vector<RowResult> unpacked(std::string_view packed) {
  std::vector<RowResult> rows;
  EXPECT_TRUE(unpack_answers(packed, rows));
  return rows;
}

TEST(Answers, ComeBackAsTheyWere) {
  RowResult odd{.row = 3, .outcome = Outcome::in_doubt, .status = std::numeric_limits<int>::min()};
  odd.message = std::string(3000, 'x');
  odd.attempts = std::numeric_limits<std::uint32_t>::max();
  odd.at = WallTime(Millis(std::numeric_limits<std::int64_t>::min()));
  const RowResult far{.row = std::numeric_limits<std::uint64_t>::max(), .outcome = Outcome::duplicate};
  const std::vector<RowResult> rows = {accepted(7), accepted(8), odd, far, accepted(9)};
  EXPECT_EQ(unpacked(pack_answers(rows)), rows);
  EXPECT_TRUE(unpacked(pack_answers({})).empty());
}

TEST(Answers, OfOneBatchTakeLittleMoreThanTheirOrderIds) {
  std::vector<RowResult> rows;
  for (std::uint64_t row = 1; row <= 50; ++row) rows.push_back(accepted(row));
  EXPECT_LE(pack_answers(rows).size(), 50U * 7 + 100);
}

TEST(Answers, OrderIdsComeBackAsTheyWereWhateverTheyAre) {
  std::vector<RowResult> rows;
  for (const auto* id : {"17872308245801546", "", "5", "0", "007", "-3", "9223372036854775807", "9223372036854775808",
                         "1", "18446744073709551615", "abc", "12345678901234567890123", "17872308245801546", "4"}) {
    rows.push_back(accepted(rows.size() + 1));
    rows.back().order_id = id;
  }
  EXPECT_EQ(unpacked(pack_answers(rows)), rows);
}

TEST(Answers, OfAnOlderVersionWithIdsAsTextsAreRead) {
  const RowResult row{.row = 1, .outcome = Outcome::accepted, .order_id = "42"};
  EXPECT_THAT(unpacked("\x01\x02\x09\x01\x02"
                       "42"),
              ElementsAre(row));
}

TEST(Answers, ThatWereCutOrSpoiltAreDamageOrOthers) {
  const std::string packed = pack_answers(std::vector<RowResult>{accepted(1), accepted(2)});
  std::vector<RowResult> rows;
  EXPECT_FALSE(unpack_answers("", rows));
  EXPECT_FALSE(unpack_answers("\x03", rows));
  EXPECT_FALSE(unpack_answers(packed.substr(0, packed.size() - 1), rows));
  for (std::size_t at = 0; at < packed.size(); ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string spoilt = packed;
      spoilt[at] = static_cast<char>(spoilt[at] ^ (1 << bit));
      rows.clear();
      if (unpack_answers(spoilt, rows)) EXPECT_LE(rows.size(), packed.size());
    }
  }
}

std::vector<std::uint64_t> numbers(const std::vector<RowResult>& rows) {
  std::vector<std::uint64_t> numbers;
  for (const auto& row : rows) numbers.push_back(row.row);
  return numbers;
}

TEST(Shelves, AreReadInOrderAndTheLaterPieceCounts) {
  RowResult earlier = accepted(2);
  earlier.outcome = Outcome::in_doubt;
  ShelvesRead page(1, 100);
  EXPECT_TRUE(page.add(0, pack_answers(std::vector<RowResult>{accepted(4), earlier})));
  EXPECT_TRUE(page.add(0, pack_answers(std::vector<RowResult>{accepted(1), accepted(2), accepted(3)})));
  EXPECT_TRUE(page.add(1, pack_answers(std::vector<RowResult>{accepted(201)})));
  const auto rows = page.take();
  EXPECT_THAT(numbers(rows), ElementsAre(2, 3, 4, 201));
  EXPECT_EQ(rows.front().outcome, Outcome::accepted);
}

TEST(Shelves, APageIsFullOnlyWhenItsLastShelfIsThrough) {
  ShelvesRead page(0, 2);
  EXPECT_TRUE(page.add(0, pack_answers(std::vector<RowResult>{accepted(2), accepted(3)})));
  EXPECT_FALSE(page.full());
  EXPECT_TRUE(page.add(0, pack_answers(std::vector<RowResult>{accepted(1)})));
  EXPECT_TRUE(page.add(1, pack_answers(std::vector<RowResult>{accepted(201)})));
  EXPECT_TRUE(page.full());
  EXPECT_THAT(numbers(page.take()), ElementsAre(1, 2));
}

TEST(Shelves, ADamagedPieceIsLeftOut) {
  ShelvesRead page(0, 100);
  EXPECT_TRUE(page.add(0, pack_answers(std::vector<RowResult>{accepted(1)})));
  EXPECT_FALSE(page.add(0, "damaged"));
  EXPECT_THAT(numbers(page.take()), ElementsAre(1));
}

}  // namespace
}  // namespace sluice::adapters::packing
