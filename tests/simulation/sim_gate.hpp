#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host_seat.hpp"
#include "life.hpp"
#include "sim_clock.hpp"
#include "sluice/ports/gate_store.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// The gate's file: outlives processes, belongs to one boot, shared by the participants of one account.
class GateFile {
 public:
  explicit GateFile(pacing::Rate rate) : rate_(rate) {}

  /// A process begins to use it: the dead are buried, and it gets a number of its own.
  std::uint32_t join(Boottime now);
  void leave(std::uint32_t participant);  ///< its process is gone; noticed by whoever comes next
  void reboot();
  void forget(Boottime now);  ///< a mistake, planted: as if nothing had ever been sent

  /// The state, after burying the dead; a fresh one that waits a window where there is none of this boot.
  pacing::GateState& state(Boottime now);

 private:
  pacing::Rate rate_;
  std::optional<pacing::GateState> state_;
  std::uint32_t alive_ = 0;  ///< bit mask
  std::vector<std::uint32_t> unburied_;
  std::uint32_t boots_ = 1;
};

/// The gate as one process sees it.
class SimGateStore final : public ports::GateStore {
 public:
  SimGateStore(Life& life, GateFile& file, const Clocks& clocks, const Weather& weather)
      : life_(life),
        file_(file),
        clocks_(clocks),
        weather_(weather),
        participant_(file.join(clocks.boot(life.now()))) {}
  /// Of one of several hosts: who is dead is told from their leases, and a host keeps its number.
  SimGateStore(Life& life, GateFile& file, const Clocks& clocks, const Weather& weather, const HostSeat& seat)
      : life_(life),
        file_(file),
        clocks_(clocks),
        weather_(weather),
        seat_(&seat),
        participant_(static_cast<std::uint32_t>(seat.number)) {
    pacing::bury(file_.state(clocks_.boot(life_.now())), participant_, clocks_.boot(life_.now()));
  }
  ~SimGateStore() override {
    if (seat_ == nullptr) file_.leave(participant_);
  }
  SimGateStore(const SimGateStore&) = delete;
  SimGateStore& operator=(const SimGateStore&) = delete;

  Result<void> update(const std::function<void(pacing::GateState&, std::uint32_t)>& change) override;

 private:
  Life& life_;
  GateFile& file_;
  const Clocks& clocks_;
  const Weather& weather_;
  const HostSeat* seat_ = nullptr;
  std::uint32_t participant_;
};

}  // namespace sluice::simulation
