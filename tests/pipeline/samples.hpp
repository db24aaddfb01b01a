#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

inline constexpr JobId kJob{.day = 20240115, .n = 3};

inline orders::Order with(const orders::Order& order, std::string_view field, std::string_view value) {
  const auto fields = orders::service(order.service()).fields;
  auto values = order.values();
  for (std::size_t f = 0; f < fields.size(); ++f) {
    if (fields[f].name == field) values[f] = value;
  }
  return {*order.service(), values};
}

inline orders::Order order_of(std::uint64_t uid) {
  orders::Order order(orders::ServiceId::create, {});
  order = with(order, "uid", std::to_string(uid));
  order = with(order, "douyinId", "abc");
  order = with(order, "source", "联通");
  order = with(order, "endMonthTime", "2031-12");
  return with(order, "isRenew", "false");
}

inline std::vector<orders::Order> orders_of(const ports::Batch& batch) {
  std::vector<orders::Order> orders;
  for (const auto& row : batch.rows) orders.push_back(order_of(1000 + row.row));
  return orders;
}

/// A batch under way: announced, its first request out.
inline ports::Batch batch_of(std::uint64_t rows) {
  ports::Batch batch{.id = BatchId{7}, .job = kJob, .state = ports::BatchState::sending, .past = {.sends = 1}};
  for (std::uint64_t row = 1; row <= rows; ++row) batch.rows.push_back({.row = row, .offset = row * 100, .length = 50});
  batch.body_hash = 4711;
  batch.last_request = "20240115-3-b7-1";
  return batch;
}

inline std::vector<std::uint64_t> rows_of(const ports::Batch& batch) {
  std::vector<std::uint64_t> rows;
  for (const auto& row : batch.rows) rows.push_back(row.row);
  return rows;
}

inline orders::Answer answer_of(orders::AnswerClass what) {
  return {.what = what, .words = "words", .retry_after = {}, .rows = {}};
}

/// An answer with these statuses, one an order; 0: the answer has no row for it.
inline orders::Answer statuses(const std::vector<int>& each) {
  auto answer = answer_of(orders::AnswerClass::answered);
  for (const int status : each) {
    answer.rows.emplace_back();
    if (status != 0) answer.rows.back() = orders::RowAnswer{.status = status, .status_text = {}, .order_id = "1"};
  }
  return answer;
}

}  // namespace sluice::pipeline
