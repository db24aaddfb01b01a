#pragma once

#include <functional>

#include "journal.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

class Breaker;
class BusyKeys;
class Doubts;
class SharedFacts;
class SlotQueue;

/// What sending needs, owned by the engine: the sender and each of its parts use it.
struct Sending {
  ports::Clock& clock;
  ports::Upstream& upstream;
  ports::Hosts& hosts;
  Journal& journal;
  Breaker& breaker;
  SlotQueue& slots;
  BusyKeys& busy;
  Jobs& jobs;
  Doubts& doubts;
  SharedFacts& shared;
  const config::Settings& settings;
  const Stop& stop;
  std::function<BatchId()> next_batch;
  std::function<void()> changed = [] {};  ///< people are shown another picture: a request started or ended
};

}  // namespace sluice::pipeline
