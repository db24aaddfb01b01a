#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "sluice/adapters/spool/spool.hpp"
#include "sluice/adapters/upstream/upstream.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/config/spool_host.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// The composition root: everything that lives as long as the process, in the order it is built. Each part uses only
/// those above it, and is destroyed before them.
struct Machine {
  /// In force; a reload replaces what may change.
  config::Settings settings;
  /// The one thread on which all of this runs; files and SQLite have threads of their own behind their ports.
  boost::asio::io_context io{1};
  /// Time and chance, for all.
  std::unique_ptr<ports::Clock> clock;
  /// Files in and out. Its lock makes this process the only one that works the spool, so it comes before whatever
  /// writes there.
  std::unique_ptr<adapters::spool::PosixSpool> spool;
  /// The other processes of the account; none, while the ledger is one host's own. Its lease outlives what it guards.
  std::unique_ptr<ports::Hosts> hosts;
  /// What was promised, sent and answered. A lost one stops everything here, before anything could be sent.
  std::unique_ptr<ports::Ledger> ledger;
  /// When requests went out, over restarts and in every process of the account.
  std::unique_ptr<ports::GateStore> gate;
  /// The API. Opening it reads the credential and the trusted certificates, and connects to nothing.
  std::unique_ptr<adapters::upstream::BeastUpstream> upstream;
  /// The pipeline over all of these; begins with run() or drain().
  std::unique_ptr<pipeline::Engine> engine;
};

/// state/ledger.sqlite under the spool.
std::string ledger_path(const config::Settings& settings);

/// Whether a ledger that is missing from a spool that has had jobs stops everything (it does, but for `recover`).
enum class LostLedger : std::uint8_t { is_refused, is_expected };

/// Builds it. Errors: `busy` (another process works this spool, exit 75), everything else exit 78.
Result<std::unique_ptr<Machine>> build_machine(config::Settings settings, LostLedger lost = LostLedger::is_refused);

}  // namespace sluice::app
