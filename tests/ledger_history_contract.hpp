#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "ledger_contract_fixture.hpp"

namespace sluice {

/// What of it is about orders that are remembered after their job has ended.
template <class Maker>
class LedgerHistoryContract : public LedgerContract<Maker> {
 protected:
  using Rows = std::vector<std::uint64_t>;

  ports::OrderIds ids(std::string uid, std::uint64_t mark) {
    return {.mark = mark, .ids = {std::move(uid), "yan" + std::to_string(mark)}};
  }
  records::RowResult settled(std::uint64_t n, std::int64_t ms = 0) {
    auto result = this->row(n, "Created successfully");
    result.order_id = "17872308245801" + std::to_string(100 + n);
    result.request = "r-1";
    result.at = this->at(ms);
    return result;
  }
  Rows rows_found(const ports::HistoryQuery& query) {
    Rows rows;
    ports::HistoryPage page{.orders = {}, .last = 0, .end = false};
    while (!page.end) {
      page = this->ask(this->ledger().history(query, page.last));
      for (const auto& order : page.orders) rows.push_back(order.result.row);
    }
    return rows;
  }
  std::vector<ports::PlacedOrders> placed_since(WallTime since) {
    std::vector<ports::PlacedOrders> all;
    ports::PlacedPage page{.placed = {}, .last = 0, .end = false};
    while (!page.end) {
      page = this->ask(this->ledger().placed(since, page.last));
      std::ranges::move(page.placed, std::back_inserter(all));
    }
    return all;
  }
};
TYPED_TEST_SUITE_P(LedgerHistoryContract);

TYPED_TEST_P(LedgerHistoryContract, FindsAnOrderByEachOfItsIdsAfterItsJobHasEnded) {
  const auto odd = std::string("007 \xe4\xb8\xad");
  this->commit(ports::PutRows{this->id(1),
                              {this->settled(1), this->settled(2), this->settled(3)},
                              {this->ids("94", 7), this->ids("18446744073709551615", 8), this->ids(odd, 9)}});
  this->commit(ports::PutRows{this->id(2), {this->settled(4)}, {this->ids("94", 10)}}, ports::ForgetRows{this->id(1)});
  this->maker.restart();
  EXPECT_EQ(this->rows_found({.id = "94", .job = {}}), (std::vector<std::uint64_t>{1, 4}));
  EXPECT_EQ(this->rows_found({.id = "18446744073709551615", .job = {}}), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->rows_found({.id = odd, .job = {}}), (std::vector<std::uint64_t>{3}));
  EXPECT_EQ(this->rows_found({.id = "yan8", .job = {}}), (std::vector<std::uint64_t>{2}));
  EXPECT_EQ(this->rows_found({.id = "17872308245801103", .job = {}}), (std::vector<std::uint64_t>{3}));
  EXPECT_TRUE(this->rows_found({.id = "9", .job = {}}).empty()) << "a part of an id is another one";
  EXPECT_EQ(this->rows_found({.id = "", .job = this->id(2)}), (std::vector<std::uint64_t>{4}));
}

TYPED_TEST_P(LedgerHistoryContract, RemembersAllThatWasAnswered) {
  auto result = this->settled(1, 5);
  result.outcome = records::Outcome::refused;
  result.status = 2;
  result.message = "why";
  result.start_time = "2024-02-02";
  result.end_time = "2024-03-01";
  result.attempts = 3;
  this->commit(ports::PutRows{this->id(1), {result}, {this->ids("94", 7)}});
  const auto page = this->ask(this->ledger().history({.id = "94", .job = {}}, 0));
  ASSERT_EQ(page.orders.size(), 1);
  EXPECT_EQ(page.orders[0],
            (ports::RememberedOrder{.job = this->id(1), .ids = this->ids("94", 7).ids, .result = result}));
}

TYPED_TEST_P(LedgerHistoryContract, ReadsOnThroughMoreThanAPage) {
  for (std::uint64_t n = 1; n <= 1100; ++n) {
    this->commit(ports::PutRows{this->id(1), {this->settled(n)}, {this->ids(std::to_string(n % 2), n)}});
  }
  EXPECT_EQ(this->rows_found({.id = "1", .job = {}}).size(), 550);
  EXPECT_EQ(this->placed_since(this->at(0)).size(), 1100);
}

TYPED_TEST_P(LedgerHistoryContract, KnowsTheMarksOfWhatWasAcceptedAndOfNothingElse) {
  auto refused = this->settled(2);
  refused.outcome = records::Outcome::refused;
  auto ours = this->settled(3);
  ours.outcome = records::Outcome::accepted_earlier;
  this->commit(
      ports::PutRows{this->id(1),
                     {this->settled(1), refused, ours, this->settled(4)},
                     {this->ids("1", 7), this->ids("2", 8), this->ids("3", ~std::uint64_t{0}), this->ids("4", 0)}});
  this->commit(ports::PutRows{this->id(2), {this->settled(1, 9)}, {this->ids("5", 11)}});
  const auto all = this->placed_since(this->at(0));
  ASSERT_EQ(all.size(), 2);
  EXPECT_EQ(all[0], (ports::PlacedOrders{.job = this->id(1), .at = this->at(0), .marks = {7, ~std::uint64_t{0}}}));
  EXPECT_EQ(this->placed_since(this->at(1)).size(), 1) << "of those since then alone";
}

TYPED_TEST_P(LedgerHistoryContract, WhatAnotherLedgerKnewIsTakenOver) {
  this->commit(ports::Remember{this->id(3), this->at(4), {this->settled(1, 4)}, {this->ids("94", 0)}},
               ports::Remember{this->id(3), this->at(4), {}, {this->ids("", 5), this->ids("", 6)}});
  EXPECT_EQ(this->rows_found({.id = "94", .job = {}}).size(), 1);
  const auto placed = this->placed_since(this->at(4));
  ASSERT_EQ(placed.size(), 1);
  EXPECT_EQ(placed[0].marks, (std::vector<std::uint64_t>{5, 6}));
}

TYPED_TEST_P(LedgerHistoryContract, ForgetsWhatIsTooOld) {
  for (std::int64_t n = 1; n <= 3; ++n) {
    const auto row = static_cast<std::uint64_t>(n);
    this->commit(ports::PutRows{this->id(row), {this->settled(row, n)}, {this->ids("94", row)}});
  }
  this->commit(ports::ForgetHistory{this->at(3)});
  this->maker.restart();
  // Little by little, whenever nothing else is to be done: until then it may still be found.
  while (this->rows_found({.id = "94", .job = {}}).size() > 1) this->commit();
  EXPECT_EQ(this->rows_found({.id = "94", .job = {}}), (std::vector<std::uint64_t>{3}));
  while (this->placed_since(this->at(0)).size() > 1) this->commit();
  EXPECT_EQ(this->placed_since(this->at(0)).front().job, this->id(3));
}

TYPED_TEST_P(LedgerHistoryContract, RowsThatAreNotToBeRememberedAreNot) {
  this->commit(ports::PutRows{this->id(1), {this->settled(1)}});
  EXPECT_TRUE(this->rows_found({}).empty());
  EXPECT_TRUE(this->placed_since(this->at(0)).empty());
}

REGISTER_TYPED_TEST_SUITE_P(LedgerHistoryContract, FindsAnOrderByEachOfItsIdsAfterItsJobHasEnded,
                            RemembersAllThatWasAnswered, ReadsOnThroughMoreThanAPage,
                            KnowsTheMarksOfWhatWasAcceptedAndOfNothingElse, WhatAnotherLedgerKnewIsTakenOver,
                            ForgetsWhatIsTooOld, RowsThatAreNotToBeRememberedAreNot);

}  // namespace sluice
