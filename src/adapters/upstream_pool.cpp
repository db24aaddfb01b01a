#include "upstream_pool.hpp"

#include <algorithm>
#include <utility>

namespace sluice::adapters {

Idle Pool::take() {
  while (!idle_.empty()) {
    Idle latest = std::move(idle_.back());
    idle_.pop_back();
    if (clock_.now() < latest.until && latest.wire->quiet()) return latest;
    latest.wire->close();
  }
  return {};
}

void Pool::put(Idle idle) {
  if (idle.until <= clock_.now()) return idle.wire->close();
  idle_.push_back(std::move(idle));
  reap();
}

void Pool::clear() {
  for (const Idle& idle : idle_) idle.wire->close();
  idle_.clear();
  reaper_.cancel();
}

void Pool::reap() {
  if (std::exchange(reaping_, !idle_.empty()) || idle_.empty()) return;
  const auto first = std::ranges::min_element(idle_, {}, &Idle::until);
  reaper_.expires_after(first->until - clock_.now());
  reaper_.async_wait([weak = weak_from_this()](boost::system::error_code) {
    const auto self = weak.lock();
    if (!self) return;
    const Boottime now = self->clock_.now();
    std::erase_if(self->idle_, [now](const Idle& idle) { return idle.until <= now; });
    self->reaping_ = false;
    self->reap();
  });
}

}  // namespace sluice::adapters
