#include "machine.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>

#include "finish_task.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/gate/file.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/spool.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

constexpr mode_t kPrivate = 0600;
constexpr mode_t kShared = 0660;

/// A ledger that knows of no job is new, or replaces one that was lost.
Result<void> refuse_if_lost(Machine& machine) {
  const auto used = finish(machine.io, machine.ledger->numbers());
  if (!used) return std::unexpected(used.error());
  if (used->job > 0) return {};
  const auto claimed = finish(machine.io, machine.spool->claimed());
  if (!claimed) return std::unexpected(claimed.error());
  if (claimed->empty() && !has_had_jobs(machine.settings.spool)) return {};
  const auto what = claimed->empty() ? text::words::has_had_jobs(used_job_numbers(machine.settings.spool))
                                     : text::words::has_claimed_files(claimed->size());
  return fail(ErrorKind::corrupt, text::words::ledger_is_lost(ledger_path(machine.settings), what));
}

Result<void> open_ledger(Machine& machine, LostLedger lost) {
  const auto path = ledger_path(machine.settings);
  auto ledger = adapters::ledger::SqliteLedger::open(path);
  if (!ledger) return std::unexpected(ledger.error());
  machine.ledger = std::move(*ledger);
  if (lost == LostLedger::is_expected) return {};
  auto done = refuse_if_lost(machine);
  const bool made = machine.ledger->created();
  if (!done) machine.ledger.reset();
  if (!done && made) std::remove(path.c_str());
  return done;
}

Result<void> open_gate(Machine& machine) {
  const auto& rate = machine.settings.rate;
  const bool shared = !rate.gate.empty();
  auto gate = adapters::gate::open_file({.path = shared ? rate.gate : machine.settings.spool + "/state/gate",
                                         .rate = {.requests = rate.requests, .per = rate.per},
                                         .mode = shared ? kShared : kPrivate},
                                        *machine.clock);
  if (!gate) return std::unexpected(gate.error());
  machine.gate = std::move(*gate);
  return {};
}

}  // namespace

std::string ledger_path(const config::Settings& settings) {
  return settings.spool + "/state/ledger.sqlite";
}

std::string socket_path(const config::Settings& settings) {
  return settings.control.socket.empty() ? settings.spool + "/control.sock" : settings.control.socket;
}

Result<std::unique_ptr<Machine>> build_machine(config::Settings settings, LostLedger lost) {
  auto machine = std::make_unique<Machine>();
  machine->settings = std::move(settings);
  const auto executor = machine->io.get_executor();
  auto clock = adapters::clock::system_clock(executor);
  if (!clock) return std::unexpected(clock.error());
  machine->clock = std::move(*clock);
  auto spool =
      adapters::spool::PosixSpool::open(machine->settings.spool, machine->settings.inbox, *machine->clock, executor);
  if (!spool) return std::unexpected(spool.error());
  machine->spool = std::move(*spool);
  if (const auto trouble = machine->spool->hints_trouble(); !trouble.empty())
    spdlog::warn("{}", text::words::inbox_is(trouble));
  if (auto done = open_ledger(*machine, lost); !done) return std::unexpected(done.error());
  machine->hosts = std::make_unique<ports::NoOtherHosts>(*machine->clock);
  if (auto done = open_gate(*machine); !done) return std::unexpected(done.error());
  auto upstream = adapters::upstream::BeastUpstream::open(executor, machine->settings.upstream, *machine->clock);
  if (!upstream) return std::unexpected(upstream.error());
  machine->upstream = std::move(*upstream);
  machine->engine = std::make_unique<pipeline::Engine>(executor,
                                                       pipeline::Ports{.clock = *machine->clock,
                                                                       .spool = *machine->spool,
                                                                       .ledger = *machine->ledger,
                                                                       .gate = *machine->gate,
                                                                       .upstream = *machine->upstream,
                                                                       .hosts = *machine->hosts},
                                                       machine->settings);
  return machine;
}

}  // namespace sluice::app
