#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>

#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/spool/spool.hpp"
#include "sluice/adapters/upstream/upstream.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"

namespace sluice::app {

/// The composition root: everything that lives as long as the process, in the order it is built.
struct Machine {
  config::Settings settings;
  boost::asio::io_context io{1};
  std::unique_ptr<ports::Clock> clock;
  std::unique_ptr<adapters::spool::PosixSpool> spool;
  std::unique_ptr<adapters::ledger::SqliteLedger> ledger;
  std::unique_ptr<ports::GateStore> gate;
  std::unique_ptr<adapters::upstream::BeastUpstream> upstream;
  std::unique_ptr<pipeline::Engine> engine;
};

/// state/ledger.sqlite under the spool.
std::string ledger_path(const config::Settings& settings);
/// control.socket, or where it is by default.
std::string socket_path(const config::Settings& settings);

/// Whether a ledger that is missing from a spool that has had jobs stops everything (it does, but for `recover`).
enum class LostLedger : std::uint8_t { is_refused, is_expected };

/// Builds it. Errors: `busy` (another process works this spool, exit 75), everything else exit 78.
Result<std::unique_ptr<Machine>> build_machine(config::Settings settings, LostLedger lost = LostLedger::is_refused);

}  // namespace sluice::app
