#pragma once

#include <cstdint>
#include <memory>

#include "postgresql/server.hpp"
#include "sluice/base/error.hpp"
#include "sluice/pacing/gate.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"

namespace sluice::adapters::postgresql {

/// The pacing state as one row that the hosts of an account share: the state of a gate's file, its instants on the
/// database's clock, replaced only if nobody replaced it meanwhile. What is not changed costs nothing, a slot one round
/// trip; a host that was not the first makes its change again, on what the other left. No slot is given before the
/// database's clock has reached its start, whatever this host's clocks say. Another run of the server is another boot:
/// its pace starts over, after one window. Hosts whose lease is over are buried as dead processes are.
///
/// `number`: this host's, from join(); what its predecessor left open is buried. Blocks at opening. Errors of opening:
/// config (a living host has a different rate) and those of Connection::open(). Errors of update(), within half a
/// second: busy (the others were quicker, or the clock was not there yet), io and others (the connection was lost, and
/// is being made again); nothing was changed then, and what a broken connection leaves open is taken back later.
/// For one thread. `clock` outlives the store.
Result<std::unique_ptr<ports::GateStore>> open_gate(Server server, std::uint32_t number, pacing::Rate rate,
                                                    const ports::Clock& clock);

}  // namespace sluice::adapters::postgresql
