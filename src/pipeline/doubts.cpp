#include "doubts.hpp"

#include <span>
#include <string>
#include <utility>

namespace sluice::pipeline {

void Doubts::add(std::vector<ports::Doubt> doubts) {
  for (auto& doubt : doubts) {
    const auto hash = doubt.order_hash;
    by_hash_.emplace(hash, std::move(doubt));
  }
}

void Doubts::resolved(JobId job) {
  std::erase_if(by_hash_, [job](const auto& entry) { return entry.second.job == job; });
}

std::optional<text::Message> Doubts::why_not(const orders::Order& order, WallTime now) const {
  if (by_hash_.empty()) return std::nullopt;
  const auto [from, to] = by_hash_.equal_range(order.hash());
  for (auto at = from; at != to; ++at) {
    const auto& doubt = at->second;
    if (now - doubt.since >= ports::kDoubtsKept || doubt.order != orders::body(std::span(&order, 1))) continue;
    return text::Message{text::Word::in_doubt_elsewhere, {to_string(doubt.job), std::to_string(doubt.row)}};
  }
  return std::nullopt;
}

}  // namespace sluice::pipeline
