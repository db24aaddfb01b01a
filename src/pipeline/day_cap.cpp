#include "day_cap.hpp"

#include <algorithm>
#include <utility>

namespace sluice::pipeline {

DayCap::Room::Room(Room&& from) noexcept
    : cap_(std::exchange(from.cap_, nullptr)),
      day_(from.day_),
      left_(std::exchange(from.left_, 0)),
      counted_(std::exchange(from.counted_, 0)) {}

DayCap::Room& DayCap::Room::operator=(Room&& from) noexcept {
  // By way of a third, so that what this one held is given back when the old room ends.
  Room taken(std::move(from));
  std::swap(cap_, taken.cap_);
  std::swap(day_, taken.day_);
  std::swap(left_, taken.left_);
  std::swap(counted_, taken.counted_);
  return *this;
}

DayCap::Room::~Room() {
  // At midnight the count began again: what was taken the day before is no longer in it.
  if (cap_ != nullptr && cap_->day_ == day_) cap_->taken_ -= std::min(cap_->taken_, left_);
}

void DayCap::Room::announced(std::uint64_t orders, std::uint32_t day) {
  if (cap_ == nullptr) return;
  if (cap_->day_ == day_) cap_->taken_ -= std::min(cap_->taken_, left_);
  left_ = 0;
  day_ = day;
  counted_ = orders;
  if (cap_->day_ == day_) cap_->counted_ += orders;
}

void DayCap::Room::withdrawn() {
  if (cap_ != nullptr && cap_->day_ == day_) cap_->counted_ -= std::min(cap_->counted_, counted_);
  counted_ = 0;
}

void DayCap::begin(std::uint32_t day, std::uint64_t orders) {
  if (day != day_) taken_ = 0;
  day_ = day;
  counted_ = orders;
}

std::uint32_t DayCap::day(WallTime now) {
  // The API's day: midnight in UTC+8, wherever the machine stands.
  const auto today = day_number(api_day(now));
  if (today != day_) begin(today, 0);
  return day_;
}

std::uint64_t DayCap::left(WallTime now) {
  const auto cap = settings_.guard.max_orders_per_day;
  if (cap == 0) return UINT64_MAX;
  day(now);
  return cap - std::min<std::uint64_t>(cap, counted_ + taken_);
}

DayCap::Room DayCap::take(std::uint64_t orders, WallTime now) {
  day(now);
  taken_ += orders;
  return {*this, orders};
}

}  // namespace sluice::pipeline
