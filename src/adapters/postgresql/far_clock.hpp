#pragma once

#include <optional>

#include "sluice/base/time.hpp"
#include "sluice/pacing/gate.hpp"

namespace sluice::adapters::postgresql {

/// The database's clock, as an instant that all hosts of an account share.
using FarTime = Nanos;  ///< since 1970, as the server says

/// How far the database's clock is ahead of this host's boot clock. Never less than it truly is: what this host says of
/// its own instants then is late by the time of an answer at the most, and late means slower, never faster (I5).
class FarClock {
 public:
  /// What the server told between these two instants of ours.
  void learn(Boottime sent, Boottime received, FarTime told);
  /// Only after learn().
  Nanos ahead(Boottime now) const;

 private:
  struct Best {
    Nanos ahead;
    Boottime at;
  };
  std::optional<Best> best_;
};

/// The state with all its instants moved; what stands for no instant stays as it is, and moving back gives the same.
pacing::GateState moved(pacing::GateState state, Nanos by);

/// Takes out of `state` what a change made of `before` that was reported as not made: slots it took were used by
/// nobody, and what it settled will be settled again. Others may have changed the state since.
void take_back(pacing::GateState& state, const pacing::GateState& before, const pacing::GateState& after,
               std::uint32_t participant);

}  // namespace sluice::adapters::postgresql
