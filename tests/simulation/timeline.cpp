#include "timeline.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "sluice/base/check.hpp"

namespace sluice::simulation {

Timeline::Key Timeline::at(Nanos when, Owner owner, Action action) {
  const Key key{std::max(when, now_), ++sequence_};
  events_.emplace(key, Event{owner, std::move(action)});
  return key;
}

void Timeline::expedite(Key key) {
  auto node = events_.extract(key);
  SLUICE_CHECK(!node.empty(), "an event is expedited that is gone");
  node.key() = Key{now_, ++sequence_};
  events_.insert(std::move(node));
}

bool Timeline::run_next(Nanos limit) {
  if (events_.empty() || events_.begin()->first.at > limit || events_.begin()->first.at == kForever) return false;
  auto node = events_.extract(events_.begin());
  now_ = node.key().at;
  node.mapped().action();
  return true;
}

void Timeline::drop_process(Owner owner) {
  // Destroying an action can look at this timeline (a coroutine's locals), so they go after the map is consistent.
  std::vector<Event> dropped;
  for (auto it = events_.begin(); it != events_.end();) {
    if (it->second.owner == owner) {
      dropped.push_back(std::move(it->second));
      it = events_.erase(it);
    } else {
      ++it;
    }
  }
}

}  // namespace sluice::simulation
