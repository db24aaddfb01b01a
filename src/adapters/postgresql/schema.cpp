#include "postgresql/schema.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "sluice/base/failpoint.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

// The steps that lead to the schema: one of version n has taken the first n of them. A step that was released is never
// changed; a new version appends one. The names of columns are those of packing/fields.hpp; texts are bytea, since
// names of files and what was answered may hold any byte.
constexpr std::array<const char*, 1> kSteps = {R"sql(
CREATE TABLE sluice.jobs(
  n bigint PRIMARY KEY, host text NOT NULL, day bigint NOT NULL, name bytea NOT NULL, state bigint NOT NULL,
  source_device bigint NOT NULL, source_inode bigint NOT NULL, source_size bigint NOT NULL,
  source_mtime_ns bigint NOT NULL, source_ctime_ns bigint NOT NULL,
  file_device bigint NOT NULL, file_inode bigint NOT NULL, file_size bigint NOT NULL,
  file_mtime_ns bigint NOT NULL, file_ctime_ns bigint NOT NULL,
  service bigint NOT NULL, format bytea NOT NULL, names bytea NOT NULL, ascii bigint NOT NULL, chinese bigint NOT NULL,
  base_url bytea NOT NULL, hold bigint NOT NULL, hold_words bytea NOT NULL, released bigint NOT NULL,
  cancelled bigint NOT NULL, secret bytea NOT NULL, content_hash bytea NOT NULL, row_count bigint NOT NULL,
  reason bytea NOT NULL, exit bigint NOT NULL, claimed_at bigint, started_at bigint, finished_at bigint,
  placed_before bigint NOT NULL, placed_by bigint NOT NULL, placed_by_day bigint NOT NULL,
  placed_by_name bytea NOT NULL,
  accepted bigint NOT NULL, accepted_earlier bigint NOT NULL, refused bigint NOT NULL, invalid bigint NOT NULL,
  failed bigint NOT NULL, not_sent bigint NOT NULL, duplicate bigint NOT NULL, in_doubt bigint NOT NULL,
  requests bigint NOT NULL, other_starts bigint NOT NULL);
CREATE INDEX jobs_open ON sluice.jobs(host, n) WHERE state NOT IN (5, 7, 8);
CREATE INDEX jobs_by_content ON sluice.jobs(content_hash, claimed_at);
CREATE INDEX jobs_by_end ON sluice.jobs(state, finished_at);
CREATE INDEX jobs_ended ON sluice.jobs(finished_at DESC, n DESC) WHERE state IN (5, 7);

CREATE TABLE sluice.batches(
  id bigint PRIMARY KEY, job bigint NOT NULL, job_day bigint NOT NULL, sending bigint NOT NULL, fresh bigint NOT NULL,
  maybe_applied bigint NOT NULL, internal_error bigint NOT NULL, ambiguous_attempts bigint NOT NULL,
  status_tries bigint NOT NULL, sends bigint NOT NULL, not_before bigint, body_hash bigint NOT NULL,
  last_request bytea NOT NULL, row_refs bytea NOT NULL, ambiguous_since bigint, row_keys bytea NOT NULL,
  said_no bytea NOT NULL, row_marks bytea NOT NULL);
CREATE INDEX batches_by_job ON sluice.batches(job, fresh, id);
-- What of all hosts is announced and not settled: no two jobs hold one key.
CREATE TABLE sluice.keys(key bigint PRIMARY KEY, job bigint NOT NULL, batch bigint NOT NULL);
CREATE INDEX keys_by_batch ON sluice.keys(batch);

-- Answers are forgotten by giving the job its next edition; those of earlier ones are swept away in small steps.
CREATE TABLE sluice.answers(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job bigint NOT NULL, edition bigint NOT NULL,
  shelf bigint NOT NULL, packed bytea NOT NULL);
CREATE INDEX answers_by_shelf ON sluice.answers(job, edition, shelf, id);
CREATE TABLE sluice.editions(job bigint PRIMARY KEY, current bigint NOT NULL);

CREATE TABLE sluice.doubts(
  job bigint NOT NULL, job_day bigint NOT NULL, row bigint NOT NULL, order_hash bigint NOT NULL,
  order_body bytea NOT NULL, since bigint NOT NULL, looked_up bigint NOT NULL, PRIMARY KEY(job, row));
CREATE INDEX doubts_by_age ON sluice.doubts(since);
CREATE TABLE sluice.first_sends(day bigint PRIMARY KEY, orders bigint NOT NULL);
CREATE TABLE sluice.notes(key text PRIMARY KEY, value bytea NOT NULL);
-- The highest number ever used, whatever was deleted since: 1 jobs, 2 batches, 3 until when the history is forgotten.
CREATE TABLE sluice.numbers(what bigint PRIMARY KEY, highest bigint NOT NULL);
INSERT INTO sluice.numbers VALUES (1, 0), (2, 0), (3, 0);

CREATE TABLE sluice.history(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job bigint NOT NULL, job_day bigint NOT NULL, at bigint NOT NULL,
  answers bytea NOT NULL, ids bytea NOT NULL);
CREATE INDEX history_by_job ON sluice.history(job, id);
CREATE TABLE sluice.prints(id bigint PRIMARY KEY, packed bytea NOT NULL);
CREATE TABLE sluice.placed(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, job bigint NOT NULL, job_day bigint NOT NULL, at bigint NOT NULL,
  marks bytea NOT NULL);

-- What is the account's: the secret that marks orders, and how often a host has changed what others go by.
CREATE TABLE sluice.account(
  one boolean PRIMARY KEY DEFAULT true CHECK (one), revision bigint NOT NULL DEFAULT 0, secret bytea NOT NULL DEFAULT '');
INSERT INTO sluice.account DEFAULT VALUES;
-- The pace, packed as in a file, its instants in nanoseconds of this server's clock. writes[n + 1]: the version that
-- host number n wrote last.
CREATE TABLE sluice.gate(
  one boolean PRIMARY KEY DEFAULT true CHECK (one), version bigint NOT NULL DEFAULT 0, state bytea NOT NULL DEFAULT '',
  writes bigint[] NOT NULL DEFAULT array_fill(0::bigint, ARRAY[16])) WITH (fillfactor = 10);
INSERT INTO sluice.gate DEFAULT VALUES;

-- A process each. `number` is its place in the gate, 0 to 15. Every commit writes its number here; those up to the
-- barrier come too late.
CREATE SEQUENCE sluice.epochs;
CREATE TABLE sluice.hosts(
  name text PRIMARY KEY, epoch bigint NOT NULL, number bigint NOT NULL UNIQUE CHECK (number BETWEEN 0 AND 15),
  spool text NOT NULL, shared boolean NOT NULL, machine text NOT NULL, last_commit bigint NOT NULL DEFAULT 0,
  barrier bigint NOT NULL DEFAULT 0, renewed_at timestamptz NOT NULL, lease_until timestamptz NOT NULL)
  WITH (fillfactor = 50);
-- What an operator asked of one host at another.
CREATE TABLE sluice.errands(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, host text NOT NULL, job bigint, job_day bigint,
  what bytea NOT NULL, by_user bytea NOT NULL, asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  failed bigint, answer bytea);
CREATE INDEX errands_open ON sluice.errands(host, id) WHERE answer IS NULL;

CREATE FUNCTION sluice.prove(its_name text, its_epoch bigint, commit_number bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE sluice.hosts SET last_commit = commit_number
    WHERE name = its_name AND epoch = its_epoch AND barrier < commit_number;
  IF NOT FOUND THEN RAISE EXCEPTION 'fenced' USING ERRCODE = 'SLF01'; END IF;
END $$;

CREATE FUNCTION sluice.hold_keys(wanted bigint[], its_job bigint, its_batch bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE held bigint;
BEGIN
  INSERT INTO sluice.keys(key, job, batch) SELECT DISTINCT w, its_job, its_batch FROM unnest(wanted) AS w ORDER BY w
    ON CONFLICT (key) DO UPDATE SET batch = excluded.batch WHERE keys.job = excluded.job;
  GET DIAGNOSTICS held = ROW_COUNT;
  IF held < (SELECT count(DISTINCT w) FROM unnest(wanted) AS w) THEN
    RAISE EXCEPTION 'elsewhere' USING ERRCODE = 'SLK01';
  END IF;
END $$;

CREATE FUNCTION sluice.newest(read_last bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT revision FROM sluice.account) <> read_last THEN RAISE EXCEPTION 'stale' USING ERRCODE = 'SLR01'; END IF;
END $$;

CREATE FUNCTION sluice.count_first_sends(its_day bigint, more bigint, most bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO sluice.first_sends VALUES (its_day, 0) ON CONFLICT DO NOTHING;
  UPDATE sluice.first_sends SET orders = orders + more WHERE day = its_day AND (most = 0 OR orders + more <= most);
  IF NOT FOUND THEN RAISE EXCEPTION 'stale' USING ERRCODE = 'SLR01'; END IF;
END $$;

CREATE FUNCTION sluice.microseconds() RETURNS bigint LANGUAGE sql VOLATILE AS
  'SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint';

-- Replaces the pace if it still is of the version that was changed and the clock has reached the slot's start, for which
-- it waits a moment. Version -1: it is only looked at.
CREATE FUNCTION sluice.use_gate(new_state bytea, its_version bigint, not_before bigint, its_number bigint,
  OUT written bigint, OUT newest bigint, OUT newest_state bytea, OUT clock bigint, OUT alive bigint, OUT last_write bigint)
  LANGUAGE plpgsql AS $$
BEGIN
  written := 0;
  clock := sluice.microseconds();
  IF clock < not_before AND not_before - clock <= 20000 THEN
    PERFORM pg_sleep((not_before - clock) / 1000000.0);
    clock := sluice.microseconds();
  END IF;
  IF its_version >= 0 AND clock >= not_before THEN
    UPDATE sluice.gate SET state = new_state, version = version + 1, writes[its_number::int + 1] = its_version + 1
      WHERE version = its_version;
    IF FOUND THEN written := 1; END IF;
  END IF;
  SELECT version, CASE WHEN written = 0 THEN state END, writes[its_number::int + 1] INTO newest, newest_state, last_write
    FROM sluice.gate;
  SELECT coalesce(bit_or(1::bigint << number::int), 0) INTO alive FROM sluice.hosts WHERE lease_until > clock_timestamp();
  clock := sluice.microseconds();
END $$;
)sql"};

// One host at a time makes or changes the schema.
constexpr const char* kLock = "SELECT pg_advisory_xact_lock(1399616873)";

Result<std::size_t> version_of(Connection& connection) {
  const auto there = connection.run("SELECT to_regclass('sluice.schema_version') IS NOT NULL");
  if (!there) return std::unexpected(there.error());
  if (there->number(0, 0) == 0) return 0;
  const auto version = connection.run("SELECT coalesce(max(version), 0) FROM sluice.schema_version");
  if (!version) return std::unexpected(version.error());
  return static_cast<std::size_t>(version->number(0, 0));
}

// A newer version may keep doubts or batches in columns that this one would not write: going on could place orders
// twice.
Result<void> not_newer(const Connection& connection, std::size_t version) {
  if (version <= kSteps.size()) return {};
  return fail(ErrorKind::config, text::words::postgresql_newer(connection.where(), version, kSteps.size()));
}

// CREATE SCHEMA IF NOT EXISTS asks for the right to make one, also where it is there.
std::string steps_from(std::size_t version, bool make_schema) {
  std::string sql = make_schema ? "CREATE SCHEMA sluice;" : "";
  if (version == 0) sql += "CREATE TABLE sluice.schema_version(version bigint PRIMARY KEY, since timestamptz);";
  for (std::size_t step = version; step < kSteps.size(); ++step) sql += kSteps[step];
  return sql + fmt::format("INSERT INTO sluice.schema_version VALUES ({}, now());", kSteps.size());
}

Result<void> take_steps(Connection& connection) {
  if (auto begun = connection.script("BEGIN"); !begun) return begun;
  if (auto alone = connection.run(kLock); !alone) return std::unexpected(alone.error());
  const auto version = version_of(connection);
  if (!version) return std::unexpected(version.error());
  if (auto known = not_newer(connection, *version); !known) return known;
  const auto schema = connection.run("SELECT to_regnamespace('sluice') IS NULL");
  if (!schema) return std::unexpected(schema.error());
  if (*version < kSteps.size()) {
    if (auto done = connection.script(steps_from(*version, schema->number(0, 0) != 0)); !done) return done;
  }
  SLUICE_FAILPOINT("postgresql.before_migration");
  return connection.script("COMMIT");
}

}  // namespace

std::size_t schema_version() {
  return kSteps.size();
}

Result<void> migrate(Connection& connection) {
  auto done = take_steps(connection);
  if (!done && connection.alive()) static_cast<void>(connection.leave());
  return done;
}

Result<void> check_version(Connection& connection) {
  const auto version = version_of(connection);
  if (!version) return std::unexpected(version.error());
  if (*version == 0) return fail(ErrorKind::missing, text::words::postgresql_empty(connection.where()));
  if (auto known = not_newer(connection, *version); !known) return known;
  if (*version == kSteps.size()) return {};
  return fail(ErrorKind::config, text::words::postgresql_older(connection.where(), *version, kSteps.size()));
}

}  // namespace sluice::adapters::postgresql
