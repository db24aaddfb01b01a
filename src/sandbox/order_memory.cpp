#include "order_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::sandbox {
namespace {

constexpr std::uint64_t kFirstOrderId = 17872308245800000;  // as long as the ids of the modify page: beyond 2^53

// The create page's three names, and the one-character names of the provinces. Its own copy on purpose: the sandbox
// stands for somebody else's program, and must not agree with the client by sharing its tables.
constexpr std::array<std::string_view, 3> kIsps{"联通", "移动", "电信"};
constexpr std::string_view kProvinces = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳";
constexpr std::size_t kBytesAProvince = 3;

bool is_isp(std::string_view source) {
  return std::ranges::find(kIsps, source) != kIsps.end();
}

bool is_province(std::string_view province) {
  if (province.empty()) return true;  // optional
  return province.size() == kBytesAProvince && kProvinces.find(province) % kBytesAProvince == 0;
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

bool same_order(const AppliedOrder& a, const CreateOrder& b) {
  return a.douyin_id == b.douyin_id && a.source == b.source && a.end_month_time == b.end_month_time &&
         a.is_renew == b.is_renew && a.nickname == b.nickname.value_or("") && a.province == b.province.value_or("");
}

Day last_day(const CreateOrder& order, Day end) {
  return order.is_renew ? Day::max() : end;
}

}  // namespace

std::size_t OrderMemory::TextHash::operator()(std::string_view text) const noexcept {
  return std::hash<std::string_view>{}(text);
}

Placed OrderMemory::create(const CreateOrder& order, WallTime now) {
  const Day start = activation_day(now);
  take_effect(day_of(now));
  Placed placed{.start = start, .end = end_day(order.end_month_time)};
  placed.status = judge(order, start, placed.end);
  if (placed.status != 1) return placed;
  do {
    placed.order_id = fmt::format("{}", kFirstOrderId + next_id_++);
  } while (by_id_.contains(placed.order_id));
  restore(order, placed.order_id, start);
  return placed;
}

int OrderMemory::judge(const CreateOrder& order, Day start, std::optional<Day> end) const {
  if (!end) return 4;
  if (!is_province(order.province.value_or(""))) return 7;
  if (!is_isp(order.source)) return 8;
  if (code_points(order.nickname.value_or("")) > rules_.nickname_limit) return 3;
  if (known_otherwise(order.uid, order.douyin_id)) return 2;
  if (*end <= start) return 5;
  if (rules_.overlap_guard && overlaps(order.uid, start, last_day(order, *end))) return 6;
  return 1;
}

int OrderMemory::update(const UpdateOrder& order, WallTime now) {
  const Day today = day_of(now);
  take_effect(today);
  const int status = judge(order, today);
  if (status == 1) restore(order);
  return status;
}

int OrderMemory::judge(const UpdateOrder& order, Day today) const {
  if (code_points(order.new_nickname.value_or("")) > rules_.nickname_limit) return 4;
  const auto found = by_id_.find(order.order_id);
  if (found == by_id_.end()) return 5;
  const AppliedOrder& known = orders_[found->second];
  if (known.end < today) return 7;
  if (known.uid != order.old_uid) return 2;
  if (known_otherwise(order.new_uid, order.new_douyin_id)) return 3;
  const auto executes = execute_day(order.execute_time);
  if (!executes || *executes < today || *executes >= known.end) return 8;
  if (rules_.overlap_guard && known.pending) return 6;
  if (known.updates.size() >= rules_.update_limit) return 9;
  return 1;
}

void OrderMemory::restore(const CreateOrder& order, std::string_view order_id, Day start) {
  know(order, order_id, start);
  ++applied_;
}

void OrderMemory::know(const CreateOrder& order, std::string_view order_id, Day start) {
  const auto index = static_cast<Index>(orders_.size());
  Person& owner = person(order.uid, order.douyin_id);
  const bool again =
      std::ranges::any_of(owner.orders, [&](Index earlier) { return same_order(orders_[earlier], order); });
  applied_again_ += again ? 1 : 0;
  owner.orders.push_back(index);
  orders_.push_back({.order_id = std::string(order_id),
                     .uid = std::string(order.uid),
                     .douyin_id = std::string(order.douyin_id),
                     .source = std::string(order.source),
                     .province = std::string(order.province.value_or("")),
                     .nickname = std::string(order.nickname.value_or("")),
                     .end_month_time = std::string(order.end_month_time),
                     .is_renew = order.is_renew,
                     .start = start,
                     .end = last_day(order, end_day(order.end_month_time).value_or(start)),
                     .updates = {},
                     .pending = false});
  by_id_.emplace(std::string(order_id), index);
}

std::optional<Day> OrderMemory::restore(const UpdateOrder& order) {
  const auto found = by_id_.find(order.order_id);
  const auto executes = execute_day(order.execute_time);
  if (found == by_id_.end() || !executes) return std::nullopt;
  AppliedOrder& known = orders_[found->second];
  AppliedUpdate update{std::string(order.old_uid), std::string(order.new_uid), std::string(order.new_douyin_id),
                       std::string(order.new_nickname.value_or("")), *executes};
  applied_again_ += std::ranges::find(known.updates, update) == known.updates.end() ? 0 : 1;
  known.updates.push_back(std::move(update));
  known.pending = true;
  person(order.new_uid, order.new_douyin_id);
  pending_.emplace(*executes, found->second);
  ++applied_;
  return executes;
}

void OrderMemory::take_effect(Day today) {
  while (!pending_.empty() && pending_.begin()->first < today) {
    const Index index = pending_.begin()->second;
    pending_.erase(pending_.begin());
    AppliedOrder& order = orders_[index];
    const AppliedUpdate& update = order.updates.back();
    if (const auto old_owner = people_.find(order.uid); old_owner != people_.end()) {
      std::erase(old_owner->second.orders, index);
    }
    order.uid = update.new_uid;
    order.douyin_id = update.new_douyin_id;
    order.nickname = update.new_nickname.empty() ? update.new_uid + update.new_douyin_id : update.new_nickname;
    order.pending = false;
    person(order.uid, order.douyin_id).orders.push_back(index);
  }
}

bool OrderMemory::overlaps(std::string_view uid, Day start, Day end) const {
  const auto found = people_.find(uid);
  if (found == people_.end()) return false;
  return std::ranges::any_of(found->second.orders,
                             [&](Index index) { return orders_[index].start <= end && start <= orders_[index].end; });
}

bool OrderMemory::known_otherwise(std::string_view uid, std::string_view douyin_id) const {
  const auto found = people_.find(uid);
  return found != people_.end() && !found->second.douyin_id.empty() && found->second.douyin_id != douyin_id;
}

OrderMemory::Person& OrderMemory::person(std::string_view uid, std::string_view douyin_id) {
  auto found = people_.find(uid);
  if (found == people_.end()) found = people_.emplace(std::string(uid), Person{std::string(douyin_id), {}}).first;
  return found->second;
}

std::vector<const AppliedOrder*> OrderMemory::of_uid(std::string_view uid) const {
  std::vector<const AppliedOrder*> result;
  if (const auto found = people_.find(uid); found != people_.end()) {
    for (const Index index : found->second.orders) result.push_back(&orders_[index]);
  }
  return result;
}

}  // namespace sluice::sandbox
