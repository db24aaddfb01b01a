#include "doubts.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <utility>

namespace sluice::pipeline {

void Doubts::add(std::vector<ports::Doubt> doubts) {
  ++changes_;
  for (auto& doubt : doubts) {
    const auto [from, to] = by_hash_.equal_range(doubt.order_hash);
    // It may have been read of the ledger already, before its commit came back here.
    const auto known = std::ranges::find_if(
        from, to, [&](const auto& entry) { return entry.second.job == doubt.job && entry.second.row == doubt.row; });
    const auto hash = doubt.order_hash;
    if (known != to) {
      known->second = std::move(doubt);
    } else {
      by_hash_.emplace(hash, std::move(doubt));
    }
  }
}

void Doubts::renew(std::vector<ports::Doubt> doubts) {
  by_hash_.clear();
  add(std::move(doubts));
}

void Doubts::resolve(const ports::ResolveDoubts& resolve) {
  ++changes_;
  const std::set<std::uint64_t> rows(resolve.rows.begin(), resolve.rows.end());
  for (auto& [hash, doubt] : by_hash_) {
    if (doubt.job == resolve.job && rows.contains(doubt.row)) doubt.looked_up = resolve.looked_up;
  }
}

std::vector<ports::Doubt> Doubts::all(WallTime now) const {
  std::vector<ports::Doubt> doubts;
  for (const auto& [hash, doubt] : by_hash_) {
    if (now - doubt.since < ports::kDoubtsKept) doubts.push_back(doubt);
  }
  return doubts;
}

std::uint64_t Doubts::open_of(JobId job) const {
  return static_cast<std::uint64_t>(std::ranges::count_if(by_hash_, [job](const auto& entry) {
    return entry.second.job == job && entry.second.looked_up == ports::LookedUp::not_yet;
  }));
}

// What was found to have been applied is known for sure, whatever other jobs still wonder about the same order.
std::optional<Doubts::Known> Doubts::why_not(const orders::Order& order, WallTime now) const {
  if (by_hash_.empty()) return std::nullopt;
  std::optional<Known> open;
  const auto [from, to] = by_hash_.equal_range(order.hash());
  for (auto at = from; at != to; ++at) {
    const auto& doubt = at->second;
    // A hash that agrees is only a hint: the whole order is compared, since a wrong hit would withhold an order that
    // nobody placed.
    if (now - doubt.since >= ports::kDoubtsKept || doubt.order != orders::body(std::span(&order, 1))) continue;
    const std::vector<std::string> where = {to_string(doubt.job), std::to_string(doubt.row)};
    if (doubt.looked_up == ports::LookedUp::applied)
      return Known{records::Outcome::duplicate, {text::Word::resolved_as_applied, where}};
    if (doubt.looked_up == ports::LookedUp::not_yet)
      open = Known{records::Outcome::in_doubt, {text::Word::in_doubt_elsewhere, where}};
  }
  return open;
}

}  // namespace sluice::pipeline
