#include "spool/arrivals.hpp"

#include <algorithm>
#include <chrono>

#include "sluice/base/check.hpp"

namespace sluice::adapters::spool {
namespace {

using std::chrono_literals::operator""s;

constexpr Nanos kEmptyRests = 60s;
constexpr Nanos kLooksApart = 10s;

/// Time since the last change, by wall clock; a ctime in the future (a clock set back) counts as now.
Nanos age(const ports::FileIdentity& identity, WallTime wall) {
  const Nanos since = wall.time_since_epoch() - Nanos{identity.ctime_ns};
  return std::max(since, Nanos{0});
}

}  // namespace

void Arrivals::begin(Instant instant, HintsByName hints) {
  instant_ = instant;
  hints_ = std::move(hints);
  std::swap(before_, now_);
  now_.clear();
}

void Arrivals::end() {
  before_.clear();
  hints_.clear();
}

void Arrivals::look(const std::string& name, const ports::FileIdentity& identity) {
  const auto hint = hints_.find(name);
  const auto known = before_.find(name);
  const bool unchanged = known != before_.end() && known->second.identity == identity;
  auto& waiting = now_[name];
  if (unchanged) {
    waiting = known->second;
  } else {
    waiting = {identity, instant_.now, instant_.now - age(identity, instant_.wall)};
  }
  if (hint != hints_.end()) waiting.renamed_in = hint->second == Hint::renamed_in;
}

Nanos Arrivals::until_rested(const std::string& name, Nanos settle) const {
  const auto at = now_.find(name);
  SLUICE_CHECK(at != now_.end(), "a file is judged that was not looked at");
  const auto& waiting = at->second;
  const bool empty = waiting.identity.size == 0;
  if (waiting.renamed_in && !empty) return Nanos{0};
  const Nanos needed = empty ? std::max(kEmptyRests, settle) : settle;
  return std::max(needed - (instant_.now - waiting.at_rest_since), Nanos{0});
}

Nanos Arrivals::until_agreed(const std::string& name, Nanos settle) const {
  const auto at = now_.find(name);
  SLUICE_CHECK(at != now_.end(), "a file is judged that was not looked at");
  const bool empty = at->second.identity.size == 0;
  const Nanos apart = empty ? std::max(kEmptyRests, settle) : std::max(kLooksApart, settle);
  return std::max(apart - (instant_.now - at->second.first_look), Nanos{0});
}

}  // namespace sluice::adapters::spool
