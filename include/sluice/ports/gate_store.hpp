#pragma once

#include <cstdint>
#include <functional>

#include "sluice/base/error.hpp"
#include "sluice/pacing/gate.hpp"

namespace sluice::ports {

/// Where the gate's state lives: outlives the process, may be shared by processes.
class GateStore {
 public:
  virtual ~GateStore() = default;
  /// Reads, changes and writes the state under an exclusive lock held for that long only (microseconds); synchronous,
  /// because nothing may stand between a slot and its bytes. `participant` is this process's own number. Slots of
  /// participants found dead are buried first. Kind `busy`: somebody else has the lock this very moment; ask again.
  virtual Result<void> update(const std::function<void(pacing::GateState&, std::uint32_t participant)>& change) = 0;
};

}  // namespace sluice::ports
