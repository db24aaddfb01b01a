#include "shared_spool.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "sluice/adapters/spool/lock.hpp"
#include "sluice/base/siphash.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

using adapters::spool::Lock;

constexpr std::chrono::seconds kLeaseIsOver{35};  // of a host that died while it renewed it (docs/several-hosts.md)
constexpr std::chrono::milliseconds kLookAgain{250};
constexpr std::size_t kHalfASecret = 16;

std::string beginning_of_name(const config::Settings& settings) {
  return settings.spool + " (";
}

/// Kind `busy`: it may only just have died.
Result<void> see_one(const ports::Host& host, const config::Settings& settings, const std::string& name) {
  const auto shown = text::shown(host.name);
  if (host.spool != name) return fail(ErrorKind::config, words::shared_spool_is_other(shown, settings.spool));
  switch (Lock::look_at(settings.spool, host.name)) {
    case Lock::Sight::held:
      return {};
    case Lock::Sight::missing:
      return fail(ErrorKind::config, words::shared_spool_is_other(shown, settings.spool));
    case Lock::Sight::other_number:
      return fail(ErrorKind::config, words::shared_spool_renumbers(shown, settings.spool));
    case Lock::Sight::free:
      break;
  }
  return fail(ErrorKind::busy, words::shared_spool_unseen(shown, settings.spool));
}

Result<void> see_all(const std::vector<ports::Host>& hosts, const config::Settings& settings, const std::string& name) {
  Result<void> seen;
  for (const auto& host : hosts) {
    if (host.ours || !host.alive || !host.spool.starts_with(beginning_of_name(settings))) continue;
    auto one = see_one(host, settings, name);
    if (!one && one.error().kind != ErrorKind::busy) return one;
    if (!one) seen = std::move(one);
  }
  return seen;
}

}  // namespace

std::string spool_name(const config::Settings& settings, std::string_view secret) {
  if (!settings.ledger.shared_spool || secret.size() < 2 * kHalfASecret) return settings.spool;
  const auto mark = siphash("a shared spool", sip_key(secret.substr(kHalfASecret)));
  return fmt::format("{}{:016x})", beginning_of_name(settings), mark);
}

ports::Task<Result<void>> see_the_others(ports::Hosts& hosts, ports::Clock& clock, const config::Settings& settings,
                                         std::string name) {
  const auto timer = clock.timer();
  const auto until = clock.now() + kLeaseIsOver;
  for (bool told = false;;) {
    const auto all = co_await hosts.all();
    if (!all) co_return std::unexpected(all.error());
    auto seen = see_all(*all, settings, name);
    if (seen || seen.error().kind != ErrorKind::busy || clock.now() >= until) co_return seen;
    if (!std::exchange(told, true)) spdlog::warn("{}", words::shared_spool_waits(seen.error().words));
    co_await timer->wait(clock.now() + kLookAgain);
  }
}

}  // namespace sluice::app
