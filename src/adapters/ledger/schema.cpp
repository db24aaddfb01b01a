#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "ledger/schema.hpp"
#include "ledger/sql_functions.hpp"
#include "sluice/base/failpoint.hpp"

namespace sluice::adapters::ledger {
namespace {

// The names of columns are those of fields.hpp. Numbers of enums are fixed where the enums are declared.
constexpr std::array<const char*, 11> kSteps = {
    R"sql(
CREATE TABLE jobs(
  n INTEGER PRIMARY KEY, day INTEGER NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
  source_device INTEGER NOT NULL, source_inode INTEGER NOT NULL, source_size INTEGER NOT NULL,
  source_mtime_ns INTEGER NOT NULL, source_ctime_ns INTEGER NOT NULL,
  file_device INTEGER NOT NULL, file_inode INTEGER NOT NULL, file_size INTEGER NOT NULL,
  file_mtime_ns INTEGER NOT NULL, file_ctime_ns INTEGER NOT NULL,
  service INTEGER NOT NULL, format TEXT NOT NULL, ascii INTEGER NOT NULL, chinese INTEGER NOT NULL,
  base_url TEXT NOT NULL, content_hash TEXT NOT NULL, row_count INTEGER NOT NULL,
  hold INTEGER NOT NULL, hold_words TEXT NOT NULL, released INTEGER NOT NULL,
  cancelled INTEGER NOT NULL, reason TEXT NOT NULL, exit INTEGER NOT NULL,
  claimed_at INTEGER, started_at INTEGER, finished_at INTEGER,
  accepted INTEGER NOT NULL, accepted_earlier INTEGER NOT NULL, refused INTEGER NOT NULL, invalid INTEGER NOT NULL,
  failed INTEGER NOT NULL, not_sent INTEGER NOT NULL, duplicate INTEGER NOT NULL, in_doubt INTEGER NOT NULL,
  requests INTEGER NOT NULL);
CREATE INDEX jobs_open ON jobs(n) WHERE state NOT IN (5, 7, 8);
CREATE INDEX jobs_by_content ON jobs(content_hash, claimed_at);

CREATE TABLE batches(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, sending INTEGER NOT NULL,
  fresh INTEGER NOT NULL, maybe_applied INTEGER NOT NULL, internal_error INTEGER NOT NULL,
  ambiguous_attempts INTEGER NOT NULL, status_tries INTEGER NOT NULL, sends INTEGER NOT NULL, not_before INTEGER,
  body_hash INTEGER NOT NULL, last_request TEXT NOT NULL, row_refs BLOB NOT NULL);
CREATE INDEX batches_by_job ON batches(job, fresh, id);

-- Answers are forgotten by giving the job its next edition; rows of earlier ones are swept away in small steps.
CREATE TABLE rows(
  job INTEGER NOT NULL, edition INTEGER NOT NULL, row INTEGER NOT NULL, outcome INTEGER NOT NULL, status INTEGER,
  message TEXT NOT NULL, order_id TEXT NOT NULL, start_time TEXT NOT NULL, end_time TEXT NOT NULL,
  attempts INTEGER NOT NULL, request TEXT NOT NULL, at INTEGER, PRIMARY KEY(job, edition, row)) WITHOUT ROWID;
CREATE TABLE editions(job INTEGER PRIMARY KEY, current INTEGER NOT NULL);

CREATE TABLE doubts(
  job INTEGER NOT NULL, job_day INTEGER NOT NULL, row INTEGER NOT NULL, order_hash INTEGER NOT NULL,
  order_body TEXT NOT NULL, since INTEGER NOT NULL, PRIMARY KEY(job, row)) WITHOUT ROWID;
CREATE INDEX doubts_by_age ON doubts(since);
CREATE TABLE first_sends(day INTEGER PRIMARY KEY, orders INTEGER NOT NULL);
CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
-- The highest number ever used, whatever was deleted since: 1 jobs, 2 batches.
CREATE TABLE numbers(what INTEGER PRIMARY KEY, highest INTEGER NOT NULL);
)sql",
    "ALTER TABLE batches ADD COLUMN ambiguous_since INTEGER",
    "ALTER TABLE batches ADD COLUMN row_keys BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE batches ADD COLUMN said_no TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE jobs ADD COLUMN names TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE doubts ADD COLUMN looked_up INTEGER NOT NULL DEFAULT 0",
    // What became of rows: answers.hpp. The order of a shelf's pieces is that of their ids. The table of rows stays,
    // and stays empty: recover looks there when an older ledger's first page is gone, which said what tables there are.
    R"sql(
CREATE TABLE answers(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, edition INTEGER NOT NULL, shelf INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE INDEX answers_by_shelf ON answers(job, edition, shelf);
INSERT INTO answers(job, edition, shelf, packed)
  SELECT job, edition, (row-1)/200,
    pack_answer(row, outcome, status, message, order_id, start_time, end_time, attempts, request, at)
  FROM rows ORDER BY job, edition, row;
DELETE FROM rows;
)sql",
    "ALTER TABLE batches ADD COLUMN row_marks BLOB NOT NULL DEFAULT x'';"
    "ALTER TABLE jobs ADD COLUMN secret TEXT NOT NULL DEFAULT ''",
    // Orders that were settled, for keep.orders: a row for each piece of answers. Marks lie apart, so that looking a
    // whole file up reads eight bytes an order. No index but by job: one by order would rewrite a page for each order.
    R"sql(
CREATE TABLE history(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, at INTEGER NOT NULL, answers BLOB NOT NULL,
  ids BLOB NOT NULL);
CREATE INDEX history_by_job ON history(job);
CREATE TABLE placed(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, at INTEGER NOT NULL, marks BLOB NOT NULL);
ALTER TABLE jobs ADD COLUMN placed_before INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN placed_by INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN placed_by_day INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN placed_by_name TEXT NOT NULL DEFAULT '';
ALTER TABLE jobs ADD COLUMN other_starts INTEGER NOT NULL DEFAULT 0;
)sql",
    // For keep.archive and its neighbours, which ask each day for the jobs that became old enough; and by what an order
    // is found among a million: some bytes an order are looked through, not all its answers. Appended with its piece, a
    // print costs a commit no page of its own.
    R"sql(
CREATE INDEX jobs_by_end ON jobs(state, finished_at);
CREATE TABLE prints(id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
INSERT INTO prints(id, packed) SELECT id, print_orders(answers, ids) FROM history;
)sql",
    // Jobs that are open are found by the index of ends. Whether this one held a row was asked at each change of a job,
    // by a table that SQLite made for its three states and threw away.
    "DROP INDEX IF EXISTS jobs_open"};

// Where the steps lead, for a new ledger: an ALTER reads all of the schema again, and they are twenty. The same tables
// on the same pages, which recover relies on where a first page is lost; hence the index that is made and dropped.
constexpr const char* kWhole = R"sql(
CREATE TABLE jobs(
  n INTEGER PRIMARY KEY, day INTEGER NOT NULL, name TEXT NOT NULL, state INTEGER NOT NULL,
  source_device INTEGER NOT NULL, source_inode INTEGER NOT NULL, source_size INTEGER NOT NULL,
  source_mtime_ns INTEGER NOT NULL, source_ctime_ns INTEGER NOT NULL,
  file_device INTEGER NOT NULL, file_inode INTEGER NOT NULL, file_size INTEGER NOT NULL,
  file_mtime_ns INTEGER NOT NULL, file_ctime_ns INTEGER NOT NULL,
  service INTEGER NOT NULL, format TEXT NOT NULL, ascii INTEGER NOT NULL, chinese INTEGER NOT NULL,
  base_url TEXT NOT NULL, content_hash TEXT NOT NULL, row_count INTEGER NOT NULL,
  hold INTEGER NOT NULL, hold_words TEXT NOT NULL, released INTEGER NOT NULL,
  cancelled INTEGER NOT NULL, reason TEXT NOT NULL, exit INTEGER NOT NULL,
  claimed_at INTEGER, started_at INTEGER, finished_at INTEGER,
  accepted INTEGER NOT NULL, accepted_earlier INTEGER NOT NULL, refused INTEGER NOT NULL, invalid INTEGER NOT NULL,
  failed INTEGER NOT NULL, not_sent INTEGER NOT NULL, duplicate INTEGER NOT NULL, in_doubt INTEGER NOT NULL,
  requests INTEGER NOT NULL, names TEXT NOT NULL DEFAULT '', secret TEXT NOT NULL DEFAULT '',
  placed_before INTEGER NOT NULL DEFAULT 0, placed_by INTEGER NOT NULL DEFAULT 0,
  placed_by_day INTEGER NOT NULL DEFAULT 0, placed_by_name TEXT NOT NULL DEFAULT '',
  other_starts INTEGER NOT NULL DEFAULT 0);
CREATE INDEX jobs_open ON jobs(n);
CREATE INDEX jobs_by_content ON jobs(content_hash, claimed_at);
CREATE TABLE batches(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, sending INTEGER NOT NULL,
  fresh INTEGER NOT NULL, maybe_applied INTEGER NOT NULL, internal_error INTEGER NOT NULL,
  ambiguous_attempts INTEGER NOT NULL, status_tries INTEGER NOT NULL, sends INTEGER NOT NULL, not_before INTEGER,
  body_hash INTEGER NOT NULL, last_request TEXT NOT NULL, row_refs BLOB NOT NULL, ambiguous_since INTEGER,
  row_keys BLOB NOT NULL DEFAULT x'', said_no TEXT NOT NULL DEFAULT '', row_marks BLOB NOT NULL DEFAULT x'');
CREATE INDEX batches_by_job ON batches(job, fresh, id);
CREATE TABLE rows(
  job INTEGER NOT NULL, edition INTEGER NOT NULL, row INTEGER NOT NULL, outcome INTEGER NOT NULL, status INTEGER,
  message TEXT NOT NULL, order_id TEXT NOT NULL, start_time TEXT NOT NULL, end_time TEXT NOT NULL,
  attempts INTEGER NOT NULL, request TEXT NOT NULL, at INTEGER, PRIMARY KEY(job, edition, row)) WITHOUT ROWID;
CREATE TABLE editions(job INTEGER PRIMARY KEY, current INTEGER NOT NULL);
CREATE TABLE doubts(
  job INTEGER NOT NULL, job_day INTEGER NOT NULL, row INTEGER NOT NULL, order_hash INTEGER NOT NULL,
  order_body TEXT NOT NULL, since INTEGER NOT NULL, looked_up INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY(job, row)) WITHOUT ROWID;
CREATE INDEX doubts_by_age ON doubts(since);
CREATE TABLE first_sends(day INTEGER PRIMARY KEY, orders INTEGER NOT NULL);
CREATE TABLE notes(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE numbers(what INTEGER PRIMARY KEY, highest INTEGER NOT NULL);
CREATE TABLE answers(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, edition INTEGER NOT NULL, shelf INTEGER NOT NULL, packed BLOB NOT NULL);
CREATE INDEX answers_by_shelf ON answers(job, edition, shelf);
CREATE TABLE history(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, at INTEGER NOT NULL, answers BLOB NOT NULL,
  ids BLOB NOT NULL);
CREATE INDEX history_by_job ON history(job);
CREATE TABLE placed(
  id INTEGER PRIMARY KEY, job INTEGER NOT NULL, job_day INTEGER NOT NULL, at INTEGER NOT NULL, marks BLOB NOT NULL);
CREATE INDEX jobs_by_end ON jobs(state, finished_at);
CREATE TABLE prints(id INTEGER PRIMARY KEY, packed BLOB NOT NULL);
DROP INDEX jobs_open;
)sql";

std::size_t version_of(SQLite::Database& database) {
  return static_cast<std::size_t>(database.execAndGet("PRAGMA user_version").getInt64());
}

}  // namespace

std::span<const char* const> ledger_schema_steps() {
  return kSteps;
}

Result<void> check_ledger_version(SQLite::Database& database, bool read_only, std::span<const char* const> steps) {
  const auto application = database.execAndGet("PRAGMA application_id").getInt64();
  const bool empty = database.execAndGet("SELECT count(*) FROM sqlite_schema").getInt64() == 0;
  const std::size_t version = version_of(database);
  const bool untouched = empty && application == 0 && version == 0;
  // Somebody's own database, under a spool setting that is wrong: not one page of it may be changed.
  if (application != kLedgerApplicationId && (read_only || !untouched)) {
    return fail(ErrorKind::config,
                "this is an SQLite file, but not a ledger of sluice; set `spool` to the right folder");
  }
  // A newer version may keep doubts or batches in columns that this one would not write: going on could place orders
  // twice.
  if (version > steps.size()) {
    return fail(ErrorKind::config,
                fmt::format("this ledger was written by a newer sluice (schema {}, this one knows up to {}); install "
                            "that version again, and never restore state/ from a backup",
                            version, steps.size()));
  }
  if (read_only && version < steps.size()) {
    return fail(ErrorKind::config, fmt::format("this ledger is of an older sluice (schema {} of {}); `sluice run` or "
                                               "`sluice drain` brings it up to date",
                                               version, steps.size()));
  }
  return {};
}

Result<void> migrate_ledger(SQLite::Database& database, std::span<const char* const> steps) {
  if (auto sound = check_ledger_version(database, false, steps); !sound) return sound;
  const std::size_t version = version_of(database);
  if (version == steps.size()) return {};
  const bool whole = version == 0 && std::ranges::equal(steps, kSteps);
  add_pack_function(database.getHandle());
  add_print_function(database.getHandle());
  // All steps and the version are one transaction: a crash leaves the old schema whole or the new one.
  SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
  for (const char* step : whole ? std::span(&kWhole, 1) : steps.subspan(version)) database.exec(step);
  database.exec(
      fmt::format("PRAGMA application_id = {}; PRAGMA user_version = {}", kLedgerApplicationId, steps.size()));
  SLUICE_FAILPOINT("ledger.before_migration");
  transaction.commit();
  SLUICE_FAILPOINT("ledger.after_migration");
  return {};
}

}  // namespace sluice::adapters::ledger
