#include "pipeline/row_places.hpp"

#include <gtest/gtest.h>

#include <random>
#include <vector>

namespace sluice::pipeline {
namespace {

TEST(RowPlaces, EachRowIsFoundWhereItLies) {
  std::mt19937_64 random(1);
  RowPlaces places;
  std::vector<records::RowRef> rows;
  std::uint64_t offset = 40;
  for (std::uint64_t row = 1; row <= 1000; ++row) {
    offset += row % 100 == 0 ? 1ULL << 40 : random() % 3;
    const auto length = static_cast<std::uint32_t>(row % 70 == 0 ? 1 << 20 : random() % 300);
    places.add(rows.emplace_back(records::RowRef{.row = row, .offset = offset, .length = length}));
    offset += length;
  }
  EXPECT_EQ(places.size(), 1000);
  for (const auto& row : rows) EXPECT_EQ(places.at(row.row), row);
}

TEST(RowPlaces, ARowMayBeginBeforeTheEndOfTheOneBefore) {
  RowPlaces places;
  places.add({.row = 1, .offset = 100, .length = 50});
  places.add({.row = 2, .offset = 10, .length = 5});
  EXPECT_EQ(places.at(2), (records::RowRef{.row = 2, .offset = 10, .length = 5}));
}

}  // namespace
}  // namespace sluice::pipeline
