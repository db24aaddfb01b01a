#include "postgresql/other_hosts.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "postgresql/records.hpp"
#include "postgresql/statements.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::postgresql {
namespace {

using ports::JobHeader;

constexpr std::string_view kTell = "SELECT pg_notify('sluice', $1)";

Result<std::vector<JobHeader>> headers(const Connection& connection, const Rows& rows) {
  std::vector<JobHeader> jobs;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    FieldReader reader(rows, i);
    each_field(jobs.emplace_back(), reader);
    if (!reader.sound())
      return fail(ErrorKind::corrupt,
                  text::words::postgresql_impossible(connection.where(), text::words::record_impossible()));
  }
  return jobs;
}

// now() is when the transaction began, so that both statements speak of the same hosts. A host whose own lease is over
// takes nothing over: two would take each other's. Its row's lock waits for an earlier try whose answer was lost.
Result<std::vector<JobHeader>> take_over_in(Connection& connection, const Membership& host, const Presence& presence,
                                            const std::vector<std::uint64_t>& unsure) {
  if (auto begun = connection.script("BEGIN"); !begun) return std::unexpected(begun.error());
  const auto own = connection.run("SELECT lease_until > now() FROM hosts WHERE name=$1 AND epoch=$2 FOR UPDATE",
                                  Arguments().put_text(host.name).put(host.epoch));
  if (!own) return std::unexpected(own.error());
  if (own->empty()) return fail(ErrorKind::fenced, text::words::postgresql_fenced());
  if (own->number(0, 0) == 0) return std::vector<JobHeader>{};
  const auto before = connection.run(Statements::get().jobs_among, Arguments().put_text(host.name).put_list(unsure));
  if (!before) return std::unexpected(before.error());
  auto taken = headers(connection, *before);
  if (!taken) return taken;
  // Waits for the commit that such a host has under way, if any: there is none after it.
  const auto ended = connection.run(
      "UPDATE hosts SET epoch = nextval('epochs') WHERE name <> $1 AND shared AND spool = $2 AND lease_until < now() "
      "AND EXISTS (SELECT 1 FROM jobs WHERE jobs.host = hosts.name AND state NOT IN (5, 7, 8)) RETURNING name",
      Arguments().put_text(host.name).put_text(presence.spool));
  if (!ended) return std::unexpected(ended.error());
  for (std::size_t i = 0; i < ended->size(); ++i) {
    const auto jobs =
        connection.run(Statements::get().take_jobs, Arguments().put_text(host.name).put_text(ended->bytes(i, 0)));
    if (!jobs) return std::unexpected(jobs.error());
    auto theirs = headers(connection, *jobs);
    if (!theirs) return theirs;
    std::ranges::move(*theirs, std::back_inserter(*taken));
  }
  return taken;
}

Result<std::uint64_t> put_errand(Connection& connection, std::string_view at, const ports::Errand& errand) {
  Arguments fields;
  fields.put_text(at);
  errand.job ? fields.put(errand.job->n).put(errand.job->day) : fields.put_null().put_null();
  fields.put(errand.what).put(errand.user);
  const auto left = connection.run(
      "INSERT INTO errands(host, job, job_day, what, by_user) VALUES($1,$2,$3,$4,$5) RETURNING id", fields);
  if (!left) return std::unexpected(left.error());
  return static_cast<std::uint64_t>(left->number(0, 0));
}

// At whom it is to be left. The last column: whether its lease is not over.
Result<Rows> addressees(Connection& connection, const Membership& host, const ports::Errand& errand) {
  if (!errand.job)
    return connection.run("SELECT name, true FROM hosts WHERE name <> $1 AND lease_until > clock_timestamp()",
                          Arguments().put_text(host.name));
  auto one = connection.run(
      "SELECT hosts.name, lease_until > clock_timestamp() FROM hosts JOIN jobs ON jobs.host = hosts.name WHERE jobs.n "
      "= $1 "
      "AND hosts.name <> $2 AND state NOT IN (5, 7, 8)",
      Arguments().put(errand.job->n).put_text(host.name));
  if (one && one->empty()) return fail(ErrorKind::missing, text::words::postgresql_no_such_job(*errand.job));
  return one;
}

}  // namespace

Result<std::vector<JobHeader>> take_over(Connection& connection, const Membership& host, const Presence& presence,
                                         std::vector<std::uint64_t>& unsure) {
  if (!presence.shared) return std::vector<JobHeader>{};
  auto taken = take_over_in(connection, host, presence, unsure);
  if (!taken) {
    if (connection.alive()) static_cast<void>(connection.leave());
    return taken;
  }
  if (!taken->empty()) SLUICE_FAILPOINT("postgresql.before_take_over");
  if (auto done = connection.script("COMMIT"); !done) {
    for (const auto& job : *taken) unsure.push_back(job.id.n);
    return std::unexpected(done.error());
  }
  if (!taken->empty()) SLUICE_FAILPOINT("postgresql.after_take_over");
  unsure.clear();
  return taken;
}

Result<std::vector<ports::Host>> all_hosts(Connection& connection, const Membership& host) {
  const auto rows = connection.run(
      "SELECT name, epoch, spool, lease_until > clock_timestamp(), (extract(epoch FROM renewed_at) * 1000)::bigint "
      "FROM hosts ORDER BY name <> $1, name",
      Arguments().put_text(host.name));
  if (!rows) return std::unexpected(rows.error());
  std::vector<ports::Host> hosts;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const auto epoch = static_cast<std::uint64_t>(rows->number(i, 1));
    hosts.push_back({.name = std::string(rows->bytes(i, 0)),
                     .epoch = epoch,
                     .spool = std::string(rows->bytes(i, 2)),
                     .ours = rows->bytes(i, 0) == host.name && epoch == host.epoch,
                     .alive = rows->number(i, 3) != 0,
                     .seen = WallTime(Millis(rows->number(i, 4)))});
  }
  return hosts;
}

Result<std::vector<ports::Hosts::JobElsewhere>> jobs_elsewhere(Connection& connection, const Membership& host) {
  const auto rows = connection.run(Statements::get().jobs_elsewhere, Arguments().put_text(host.name));
  if (!rows) return std::unexpected(rows.error());
  auto jobs = headers(connection, *rows);
  if (!jobs) return std::unexpected(jobs.error());
  const int last = static_cast<int>(columns_of<JobHeader>().size());
  std::vector<ports::Hosts::JobElsewhere> elsewhere;
  for (std::size_t i = 0; i < jobs->size(); ++i) {
    elsewhere.push_back({.job = std::move((*jobs)[i]), .host = std::string(rows->bytes(i, last))});
  }
  return elsewhere;
}

Result<std::vector<std::uint64_t>> leave_errand(Connection& connection, const Membership& host,
                                                const ports::Errand& errand) {
  const auto hosts = addressees(connection, host, errand);
  if (!hosts) return std::unexpected(hosts.error());
  std::vector<std::uint64_t> left;
  for (std::size_t i = 0; i < hosts->size(); ++i) {
    if (hosts->number(i, 1) == 0)
      return fail(ErrorKind::busy, text::words::postgresql_host_gone(text::shown(hosts->bytes(i, 0))));
    const auto id = put_errand(connection, hosts->bytes(i, 0), errand);
    if (!id) return std::unexpected(id.error());
    left.push_back(*id);
  }
  const auto told = connection.run(kTell, Arguments().put_text(host.name));
  if (!told) return std::unexpected(told.error());
  return left;
}

Result<std::optional<Result<std::string>>> take_answer(Connection& connection, std::uint64_t errand) {
  const auto rows = connection.run("DELETE FROM errands WHERE id=$1 AND answer IS NOT NULL RETURNING failed, answer",
                                   Arguments().put(errand));
  if (!rows) return std::unexpected(rows.error());
  if (rows->empty()) return std::nullopt;
  auto words = std::string(rows->bytes(0, 1));
  if (rows->is_null(0, 0)) return Result<std::string>(std::move(words));
  return Result<std::string>(fail(static_cast<ErrorKind>(rows->number(0, 0)), std::move(words)));
}

Result<bool> withdraw(Connection& connection, std::uint64_t errand) {
  const auto rows = connection.run("DELETE FROM errands WHERE id=$1 AND answer IS NULL", Arguments().put(errand));
  if (!rows) return std::unexpected(rows.error());
  return rows->affected() > 0;
}

// Not those whose sender has given up, or died: somebody was told that nothing came of it.
Result<std::vector<ports::Errand>> errands_of(Connection& connection, const Membership& host) {
  const auto rows = connection.run(
      "SELECT id, job, job_day, what, by_user FROM errands WHERE host=$1 AND answer IS NULL AND "
      "asked_at > clock_timestamp() - interval '30 s' ORDER BY id",
      Arguments().put_text(host.name));
  if (!rows) return std::unexpected(rows.error());
  std::vector<ports::Errand> errands;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    ports::Errand errand{.id = static_cast<std::uint64_t>(rows->number(i, 0)),
                         .job = {},
                         .what = std::string(rows->bytes(i, 3)),
                         .user = std::string(rows->bytes(i, 4))};
    if (!rows->is_null(i, 1))
      errand.job = JobId{.day = static_cast<std::uint32_t>(rows->number(i, 2)),
                         .n = static_cast<std::uint64_t>(rows->number(i, 1))};
    errands.push_back(std::move(errand));
  }
  return errands;
}

Result<void> answer_errand(Connection& connection, const Membership& host, std::uint64_t errand,
                           const Result<std::string>& said) {
  Arguments fields;
  fields.put(errand);
  said ? fields.put_null().put(*said) : fields.put(said.error().kind).put(said.error().words);
  connection.queue("UPDATE errands SET failed=$2, answer=$3 WHERE id=$1 AND answer IS NULL", fields);
  connection.queue(kTell, Arguments().put_text(host.name));
  const auto done = connection.flush();
  if (!done) return std::unexpected(done.error());
  return {};
}

}  // namespace sluice::adapters::postgresql
