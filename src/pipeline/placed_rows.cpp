#include "placed_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sluice/orders/service.hpp"

namespace sluice::pipeline {

namespace {

using records::Outcome;

constexpr std::uint64_t kLineMask = 0xffff'ffff;

/// Or may have: an order in doubt that went out is what a later one of its key may have met.
bool placed(const records::RowResult& result) {
  return result.outcome == Outcome::accepted || result.outcome == Outcome::accepted_earlier ||
         (result.outcome == Outcome::in_doubt && result.attempts > 0);
}

}  // namespace

PlacedRows::PlacedRows(Job& job, const SipKey& key) : job_(job), key_(key) {
  const auto& counts = job.header.counts;
  if (counts[Outcome::refused] == 0 || !job.reading) return;
  const auto most = counts[Outcome::accepted] + counts[Outcome::accepted_earlier] + counts[Outcome::in_doubt];
  // Never grown: in a full table a search would not end.
  slots_.resize(most + most / 4 + 2);
}

std::optional<std::uint64_t> PlacedRows::hash_of(const records::Record& record) {
  // As when it was sent: it was good then, so it is good now.
  const auto judged = job_.reading->judge(record, {.now = job_.header.started_at.value_or(WallTime{})});
  if (!judged) return std::nullopt;
  return siphash(judged->order.key(), key_);
}

std::size_t PlacedRows::place_of(std::uint64_t hash) const {
  auto at = static_cast<std::size_t>(((hash & kLineMask) * slots_.size()) >> 32);
  while (slots_[at] != 0 && slots_[at] >> 32 != hash >> 32) at = at + 1 == slots_.size() ? 0 : at + 1;
  return at;
}

std::optional<std::string> PlacedRows::see(const records::Record& record, const records::RowResult& result) {
  if (slots_.empty()) return std::nullopt;
  const auto& service = orders::service(job_.header.service);
  const auto* status = result.status ? orders::find_status(service, static_cast<int>(*result.status)) : nullptr;
  const bool met =
      result.outcome == Outcome::refused && status != nullptr && status->disposition == orders::Disposition::overlap;
  if (!met && !placed(result)) return std::nullopt;
  const auto hash = hash_of(record);
  if (!hash) return std::nullopt;
  auto& slot = slots_[place_of(*hash)];
  if (!met) {
    // The last one that was placed; a line beyond four thousand millions is not named.
    if (record.line <= kLineMask) slot = *hash >> 32 << 32 | record.line;
    return std::nullopt;
  }
  if (slot == 0) return std::nullopt;
  const auto line = slot & kLineMask;
  const bool lines = job_.format.shape == records::Shape::delimited;
  auto said = text::say(job_.lang(), {service.overlap_in_file,
                                      {fmt::format("{} {}", lines ? "line" : "order", line),
                                       fmt::format("第 {} {}", line, lines ? "行" : "个订单")}});
  return text::with(job_.lang(), std::move(said), {service.undone, {}});
}

}  // namespace sluice::pipeline
