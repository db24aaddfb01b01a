#include "offline_change.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <utility>

#include "account_settings.hpp"
#include "finish_task.hpp"
#include "machine.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/adapters/spool/lock.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/errand.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/words/operating.hpp"
#include "used_numbers.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;
using pipeline::Decision;
using ports::Task;

WallTime wall_now() {
  return std::chrono::floor<Millis>(std::chrono::system_clock::now());
}

/// Of another host: whoever asks would take `busy` for a process that has the spool, and wait for it.
Error not_here(Error error) {
  if (error.kind == ErrorKind::busy) error.kind = ErrorKind::io;
  return error;
}

/// Of those verbs that are about a job.
std::optional<pipeline::Command> command_of(Verb verb) {
  switch (verb) {
    case Verb::hold:
      return pipeline::Command::hold;
    case Verb::release:
      return pipeline::Command::release;
    case Verb::cancel:
      return pipeline::Command::cancel;
    default:
      return std::nullopt;
  }
}

Task<bool> others_work(ports::Hosts& hosts) {
  const auto all = co_await hosts.all();
  co_return all&& std::ranges::any_of(*all, [](const auto& host) { return host.alive && !host.ours; });
}

Task<Result<Decision>> decide_line(Verb verb, ports::Ledger& ledger, ports::Hosts& hosts,
                                   const pipeline::Decider& who) {
  const auto before = co_await ledger.note(ports::Note::paused);
  if (!before) co_return std::unexpected(before.error());
  if (verb == Verb::pause) co_return pipeline::pause(*before, who);
  auto decision = pipeline::resume(*before, "");
  if (!before->empty() && !co_await others_work(hosts)) decision.words += words::next_time();
  co_return decision;
}

Task<Result<Decision>> decide_job(pipeline::Command what, JobId id, const std::string& base_url, ports::Ledger& ledger,
                                  const pipeline::Decider& who) {
  auto job = co_await ledger.job(id);
  if (!job) co_return std::unexpected(job.error());
  if (!*job) co_return fail(ErrorKind::missing, words::no_job(id));
  auto said = pipeline::change_header(what, **job, base_url, who);
  if (!said) co_return std::unexpected(said.error());
  if (what != pipeline::Command::hold) *said += words::next_time();
  co_return Decision{.changes = {ports::PutHold{**job}, pipeline::decided_note(what, id, who)},
                     .words = std::move(*said)};
}

Task<Result<Decision>> decide(const CommandLine& command, const pipeline::Resolution& resolution,
                              const config::Settings& settings, ports::Ledger& ledger, ports::Hosts& hosts,
                              const pipeline::Decider& who) {
  if (command.verb == Verb::resolve) return pipeline::resolve(ledger, resolution, who);
  if (const auto what = command_of(command.verb))
    return decide_job(*what, command.job, settings.upstream.base_url, ledger, who);
  return decide_line(command.verb, ledger, hosts, who);
}

Task<Result<std::string>> change(CommandLine command, pipeline::Resolution resolution, const config::Settings& settings,
                                 ports::Ledger& ledger, ports::Hosts& hosts, std::string user) {
  const pipeline::Decider who{.user = co_await pipeline::signed_by(hosts, std::move(user)), .at = wall_now()};
  if (const auto what = command_of(command.verb)) {
    const auto said = co_await pipeline::have_done(hosts, *what, command.job, who.user);
    if (said) co_return control::said_json(*said);
    if (said.error().kind != ErrorKind::missing) co_return std::unexpected(not_here(said.error()));
  }
  auto decision = co_await decide(command, resolution, settings, ledger, hosts, who);
  if (!decision) co_return std::unexpected(decision.error());
  const auto done = co_await ledger.commit(std::move(decision->changes));
  if (!done) co_return std::unexpected(done.error());
  // The ledger has it: a host that isn't told reads it within seconds.
  if (command.verb == Verb::pause)
    (void)co_await pipeline::tell_line(hosts, pipeline::Instruction::heed_pause, who.user);
  if (command.verb == Verb::resume)
    (void)co_await pipeline::tell_line(hosts, pipeline::Instruction::try_again, who.user);
  co_return control::said_json(decision->words);
}

bool is_lost(const config::Settings& settings) {
  std::error_code ignored;
  return !std::filesystem::exists(ledger_path(settings), ignored) && has_had_jobs(settings.spool);
}

/// What is changed, and who else must hear of it.
struct Ledgers {
  std::unique_ptr<ports::Hosts> hosts;
  std::unique_ptr<ports::Ledger> ledger;
};

Result<Ledgers> open(const config::Settings& settings, ports::Clock& clock) {
  if (!settings.ledger.postgresql.empty()) {
    const auto database = account_database(settings);
    if (!database) return std::unexpected(database.error());
    auto account = adapters::postgresql::enter(*database, account_self(settings), clock);
    if (!account) return std::unexpected(not_here(account.error()));
    return Ledgers{.hosts = std::move(account->hosts), .ledger = std::move(account->ledger)};
  }
  // Where one was lost, none is made: `recover` has to begin it.
  auto ledger = adapters::ledger::SqliteLedger::open(ledger_path(settings), {.read_only = is_lost(settings)});
  if (!ledger && ledger.error().kind == ErrorKind::missing) return std::unexpected(no_ledger(settings));
  if (!ledger) return std::unexpected(ledger.error());
  return Ledgers{.hosts = std::make_unique<ports::NoOtherHosts>(clock), .ledger = std::move(*ledger)};
}

}  // namespace

Error no_ledger(const config::Settings& settings) {
  const auto path = ledger_path(settings);
  return {ErrorKind::config, is_lost(settings) ? words::ledger_lost(path) : words::ledger_not_yet(path)};
}

Result<std::string> change_offline(const CommandLine& command, const pipeline::Resolution& resolution,
                                   const config::Settings& settings, const std::string& user) {
  const auto lock = adapters::spool::Lock::take(settings.spool, config::spool_host(settings));
  if (!lock) return std::unexpected(lock.error());
  boost::asio::io_context io{1};
  const auto clock = adapters::clock::system_clock(io.get_executor());
  if (!clock) return std::unexpected(clock.error());
  const auto opened = open(settings, **clock);
  if (!opened) return std::unexpected(opened.error());
  return finish(io, change(command, resolution, settings, *opened->ledger, *opened->hosts, user));
}

}  // namespace sluice::app
