#include "machine.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>

#include "account_settings.hpp"
#include "finish_task.hpp"
#include "shared_spool.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/gate/file.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/ledger/move.hpp"
#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/config/spool_host.hpp"
#include "sluice/text/words/jobs.hpp"
#include "sluice/text/words/postgresql.hpp"
#include "sluice/text/words/spool.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

constexpr mode_t kPrivate = 0600;
constexpr mode_t kShared = 0660;

std::string ledger_name(const config::Settings& settings) {
  return settings.ledger.postgresql.empty() ? ledger_path(settings) : "PostgreSQL";
}

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
  return fail(ErrorKind::corrupt, text::words::ledger_is_lost(ledger_name(machine.settings), what));
}

Result<void> open_ledger(Machine& machine, LostLedger lost) {
  const auto path = ledger_path(machine.settings);
  auto ledger = adapters::ledger::SqliteLedger::open(path);
  if (!ledger) return std::unexpected(ledger.error());
  const bool made = (*ledger)->created();
  machine.ledger = std::move(*ledger);
  machine.hosts = std::make_unique<ports::NoOtherHosts>(*machine.clock);
  if (lost == LostLedger::is_expected) return {};
  auto done = refuse_if_lost(machine);
  if (!done) machine.ledger.reset();
  if (!done && made) std::remove(path.c_str());
  return done;
}

/// What of the settings the account's database can't serve. Its keys, doubts and numbers are all that keeps an order
/// from going out twice: a spool that has them in a file of its own would not be believed by the others.
Result<void> refuse_for_account(const config::Settings& settings, LostLedger lost) {
  if (lost == LostLedger::is_expected) return fail(ErrorKind::config, text::words::postgresql_no_recover());
  std::error_code ignored;
  const auto path = ledger_path(settings);
  if (!std::filesystem::exists(path, ignored) || adapters::ledger::was_left(path)) return {};
  return fail(ErrorKind::config, text::words::postgresql_has_file(ledger_path(settings)));
}

/// Before anything of the spool is taken for ours.
Result<void> see_the_others_of(Machine& machine, const std::string& spool) {
  if (!machine.settings.ledger.shared_spool) return {};
  return finish(machine.io, see_the_others(*machine.hosts, *machine.clock, machine.settings, spool));
}

/// Hosts, ledger and pace of an account that has several.
Result<void> enter_account(Machine& machine, LostLedger lost) {
  const auto& settings = machine.settings;
  if (auto fits = refuse_for_account(settings, lost); !fits) return fits;
  const auto database = account_database(settings);
  if (!database) return std::unexpected(database.error());
  auto self = account_self(settings);
  self.secret = machine.spool->secret();
  if (settings.rate.gate.empty()) self.rate = {.requests = settings.rate.requests, .per = settings.rate.per};
  auto account = adapters::postgresql::enter(*database, self, *machine.clock);
  if (!account) return std::unexpected(account.error());
  machine.hosts = std::move(account->hosts);
  machine.ledger = std::move(account->ledger);
  machine.gate = std::move(account->gate);
  machine.spool->use_secret(std::move(account->secret));
  if (auto all = see_the_others_of(machine, self.spool); !all) return all;
  return refuse_if_lost(machine);
}

Result<void> open_gate(Machine& machine) {
  if (machine.gate) return {};
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

Result<std::unique_ptr<Machine>> build_machine(config::Settings settings, LostLedger lost) {
  auto machine = std::make_unique<Machine>();
  machine->settings = std::move(settings);
  const auto executor = machine->io.get_executor();
  auto clock = adapters::clock::system_clock(executor);
  if (!clock) return std::unexpected(clock.error());
  machine->clock = std::move(*clock);
  auto spool = adapters::spool::PosixSpool::open(machine->settings.spool, machine->settings.inbox, *machine->clock,
                                                 executor, config::spool_host(machine->settings));
  if (!spool) return std::unexpected(spool.error());
  machine->spool = std::move(*spool);
  if (const auto trouble = machine->spool->hints_trouble(); !trouble.empty())
    spdlog::warn("{}", text::words::inbox_is(trouble));
  const bool alone = machine->settings.ledger.postgresql.empty();
  if (auto done = alone ? open_ledger(*machine, lost) : enter_account(*machine, lost); !done)
    return std::unexpected(done.error());
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
