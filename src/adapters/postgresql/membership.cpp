#include "postgresql/membership.hpp"

#include "postgresql/departed.hpp"
#include "postgresql/errors.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

// One at a time, so that two are never given one number.
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(1399616874)";

// Those that will not come back: so that a fleet whose names change does not run out of numbers.
constexpr const char* kForgetTheGone =
    "DELETE FROM sluice.hosts WHERE name <> $1 AND lease_until < clock_timestamp() - interval '1 day' AND NOT EXISTS "
    "(SELECT 1 FROM sluice.jobs WHERE jobs.host = hosts.name AND state NOT IN (5, 7, 8))";

constexpr const char* kTheOther =
    "SELECT 1 FROM sluice.hosts WHERE name = $1 AND machine <> $2 AND lease_until > clock_timestamp() FOR UPDATE";

constexpr const char* kJoin =
    "INSERT INTO sluice.hosts(name, epoch, number, spool, shared, machine, renewed_at, lease_until) "
    "SELECT $1, nextval('sluice.epochs'), n, $3, $4 <> 0, $2, clock_timestamp(), clock_timestamp() + interval '30 s' "
    "FROM generate_series(0, 15) AS n "
    "WHERE n NOT IN (SELECT number FROM sluice.hosts WHERE name <> $1) "
    "ORDER BY n IN (SELECT number FROM sluice.hosts WHERE name = $1) DESC, n LIMIT 1 "
    "ON CONFLICT (name) DO UPDATE SET epoch = excluded.epoch, number = excluded.number, spool = excluded.spool, "
    "shared = excluded.shared, machine = excluded.machine, last_commit = 0, barrier = 0, "
    "renewed_at = excluded.renewed_at, lease_until = excluded.lease_until RETURNING epoch, number";

Result<Membership> join_in(Connection& connection, const Presence& presence) {
  if (auto begun = connection.script("BEGIN"); !begun) return std::unexpected(begun.error());
  if (auto alone = lock_joining(connection); !alone) return std::unexpected(alone.error());
  if (auto here = not_departed(connection); !here) return std::unexpected(here.error());
  const auto other = connection.run(kTheOther, Arguments().put_text(presence.name).put_text(presence.machine));
  if (!other) return std::unexpected(other.error());
  if (!other->empty()) return fail(ErrorKind::busy, text::words::postgresql_name_taken(text::shown(presence.name)));
  const auto gone = connection.run(kForgetTheGone, Arguments().put_text(presence.name));
  if (!gone) return std::unexpected(gone.error());
  const auto joined = connection.run(
      kJoin,
      Arguments().put_text(presence.name).put_text(presence.machine).put_text(presence.spool).put(presence.shared));
  if (!joined) return std::unexpected(joined.error());
  if (joined->empty()) return fail(ErrorKind::config, text::words::postgresql_hosts_full());
  if (auto done = connection.script("COMMIT"); !done) return std::unexpected(done.error());
  return Membership{.name = presence.name,
                    .epoch = static_cast<std::uint64_t>(joined->number(0, 0)),
                    .number = static_cast<std::uint32_t>(joined->number(0, 1))};
}

Result<void> touched(const Result<Rows>& rows) {
  if (!rows) return std::unexpected(rows.error());
  if (rows->affected() == 0) return fail(ErrorKind::fenced, text::words::postgresql_fenced());
  return {};
}

}  // namespace

Result<void> lock_joining(Connection& connection) {
  const auto alone = connection.run(kLock);
  return alone ? Result<void>{} : std::unexpected(alone.error());
}

Result<Membership> join(Connection& connection, const Presence& presence) {
  auto joined = join_in(connection, presence);
  if (!joined && connection.alive()) static_cast<void>(connection.leave());
  return joined;
}

Result<void> renew(Connection& connection, const Membership& membership, std::chrono::milliseconds patience) {
  return touched(connection.run(
      "UPDATE sluice.hosts SET renewed_at = clock_timestamp(), lease_until = clock_timestamp() + interval '30 s' "
      "WHERE name = $1 AND epoch = $2",
      Arguments().put_text(membership.name).put(membership.epoch), patience));
}

Result<void> resign(Connection& connection, const Membership& membership) {
  return touched(
      connection.run("UPDATE sluice.hosts SET lease_until = clock_timestamp() WHERE name = $1 AND epoch = $2",
                     Arguments().put_text(membership.name).put(membership.epoch)));
}

Result<std::string> agree_on_secret(Connection& connection, const std::string& offered) {
  const auto set = connection.run("UPDATE sluice.account SET secret = $1 WHERE secret = ''", Arguments().put(offered));
  if (!set) return std::unexpected(set.error());
  const auto secret = connection.run("SELECT secret FROM sluice.account");
  if (!secret) return std::unexpected(secret.error());
  return std::string(secret->bytes(0, 0));
}

}  // namespace sluice::adapters::postgresql
