#include "sluice/adapters/postgresql/move.hpp"

#include <utility>

#include "packing/moved_tables.hpp"
#include "postgresql/connection.hpp"
#include "postgresql/departed.hpp"
#include "postgresql/membership.hpp"
#include "postgresql/schema.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/moving.hpp"

namespace sluice::adapters::postgresql {
namespace {

using packing::ColumnKind;
using ports::Cell;
using ports::TableRow;

constexpr std::chrono::minutes kPatienceToMove{10};

// A row inserted by its old number leaves the next number where it was.
constexpr const char* kNextIds =
    "SELECT setval(pg_get_serial_sequence('sluice.history', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM history), "
    "false), setval(pg_get_serial_sequence('sluice.placed', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM placed), "
    "false)";

void put(Arguments& arguments, const Cell& cell, ColumnKind kind) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) {
    arguments.put(*number);
  } else if (const auto* bytes = std::get_if<std::string>(&cell)) {
    kind == ColumnKind::word ? arguments.put_text(*bytes) : arguments.put(*bytes);
  } else {
    arguments.put_null();
  }
}

Cell cell_of(const Rows& rows, std::size_t row, int column, ColumnKind kind) {
  if (rows.is_null(row, column)) return {};
  if (kind == ColumnKind::number) return rows.number(row, column);
  return std::string(rows.bytes(row, column));
}

class MovableSchema final : public ports::MovableLedger {
 public:
  explicit MovableSchema(Connection connection)
      : connection_(std::move(connection)), where_("PostgreSQL " + connection_.where()) {}

  const std::string& where() const override { return where_; }
  Result<std::optional<ports::Departure>> departure() override { return departure_of(connection_); }
  Result<void> depart(const ports::Departure& departure) override {
    return in_transaction([&]() -> Result<void> {
      if (auto alone = end_all_hosts(); !alone) return alone;
      const auto open = connection_.run("SELECT 1 FROM jobs WHERE state NOT IN (5, 7, 8) LIMIT 1");
      if (!open) return std::unexpected(open.error());
      if (!open->empty()) return fail(ErrorKind::busy, text::words::move_job_under_way(where_));
      return put_note(packing::kDeparted, packing::pack_departure(departure));
    });
  }
  Result<void> note(const std::optional<ports::Departure>& departure) override {
    return put_note(packing::kDeparted, departure ? packing::pack_departure(*departure) : "");
  }
  // Behind whoever holds the lock: a process that died may have left a transaction whose end is still on its way.
  Result<std::string> arrival() override {
    std::string move;
    const auto asked = in_transaction([&]() -> Result<void> {
      if (auto alone = lock_joining(connection_); !alone) return alone;
      const auto note =
          connection_.run("SELECT value FROM notes WHERE key=$1", Arguments().put_text(packing::kArrived));
      if (!note) return std::unexpected(note.error());
      if (!note->empty()) move = note->bytes(0, 0);
      return {};
    });
    if (!asked) return std::unexpected(asked.error());
    return move;
  }
  Result<bool> empty() override {
    const auto any = connection_.run(
        "SELECT EXISTS (SELECT 1 FROM jobs) OR EXISTS (SELECT 1 FROM doubts) OR EXISTS (SELECT 1 FROM history) OR "
        "EXISTS (SELECT 1 FROM numbers WHERE highest > 0)");
    if (!any) return std::unexpected(any.error());
    return any->number(0, 0) == 0;
  }
  Result<std::string> secret() override {
    const auto secret = connection_.run("SELECT secret FROM account");
    if (!secret) return std::unexpected(secret.error());
    return std::string(secret->bytes(0, 0));
  }

  Result<std::vector<TableRow>> read(ports::MovedTable which, const TableRow& after, std::size_t limit) override {
    const auto& table = packing::moved_table(which);
    Arguments arguments;
    for (std::size_t i = 0; i < table.key && !after.empty(); ++i) put(arguments, after[i], table.columns[i].kind);
    arguments.put(limit);
    const auto found = connection_.run(packing::select_moved(table, "$", after.empty()), arguments);
    if (!found) return std::unexpected(found.error());
    std::vector<TableRow> rows(found->size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (std::size_t column = 0; column < table.columns.size(); ++column)
        rows[i].push_back(cell_of(*found, i, static_cast<int>(column), table.columns[column].kind));
    }
    return rows;
  }

  Result<void> begin() override {
    if (auto begun = connection_.script("BEGIN"); !begun) return begun;
    if (auto alone = end_all_hosts(); !alone) return alone;
    return connection_.script(
        "TRUNCATE jobs, batches, keys, answers, editions, doubts, first_sends, notes, numbers, history, prints, "
        "placed, errands");
  }
  Result<void> add(ports::MovedTable which, std::span<const TableRow> rows) override {
    const auto& table = packing::moved_table(which);
    const bool numbered = which == ports::MovedTable::history || which == ports::MovedTable::placed;
    const auto insert = packing::insert_moved(table, "$", numbered ? " OVERRIDING SYSTEM VALUE" : "",
                                              which == ports::MovedTable::jobs ? "host" : "");
    for (const auto& row : rows) {
      Arguments arguments;
      for (std::size_t i = 0; i < row.size(); ++i) put(arguments, row[i], table.columns[i].kind);
      connection_.queue(insert, arguments);
    }
    const auto done = connection_.flush(kPatienceToMove);
    if (!done) return std::unexpected(done.error());
    return {};
  }
  Result<void> finish(const std::string& move, const std::string& secret) override {
    connection_.queue(kNextIds);
    connection_.queue("INSERT INTO numbers VALUES (1, 0), (2, 0), (3, 0) ON CONFLICT DO NOTHING");
    connection_.queue("UPDATE account SET revision = revision + 1, secret = $1", Arguments().put(secret));
    connection_.queue("INSERT INTO notes(key, value) VALUES ($1, $2)",
                      Arguments().put_text(packing::kArrived).put(move));
    connection_.queue("SET LOCAL statement_timeout = 0");
    connection_.queue("COMMIT");
    const auto done = connection_.flush(kPatienceToMove);
    if (!done) return std::unexpected(done.error());
    return {};
  }

 private:
  template <class Work>
  Result<void> in_transaction(Work work) {
    if (auto begun = connection_.script("BEGIN"); !begun) return begun;
    auto done = work();
    if (done) return connection_.script("COMMIT");
    if (connection_.alive()) static_cast<void>(connection_.leave());
    return done;
  }
  /// Nobody joins until the transaction ends; and one that was frozen when its lease ended commits nothing any more.
  Result<void> end_all_hosts() {
    if (auto alone = lock_joining(connection_); !alone) return alone;
    const auto alive = connection_.run("SELECT name FROM hosts WHERE lease_until > clock_timestamp() LIMIT 1");
    if (!alive) return std::unexpected(alive.error());
    if (!alive->empty()) return fail(ErrorKind::busy, text::words::move_host_at_work(text::shown(alive->bytes(0, 0))));
    const auto ended = connection_.run("UPDATE hosts SET epoch = nextval('epochs')");
    return ended ? Result<void>{} : std::unexpected(ended.error());
  }
  Result<void> put_note(const char* key, const std::string& value) {
    const auto done = value.empty() ? connection_.run("DELETE FROM notes WHERE key=$1", Arguments().put_text(key))
                                    : connection_.run(
                                          "INSERT INTO notes(key,value) VALUES($1,$2) ON CONFLICT(key) DO UPDATE SET "
                                          "value=excluded.value",
                                          Arguments().put_text(key).put(value));
    return done ? Result<void>{} : std::unexpected(done.error());
  }

  Connection connection_;
  std::string where_;
};

}  // namespace

Result<std::unique_ptr<ports::MovableLedger>> open_to_move(const Database& database) {
  auto connection = Connection::open({.conninfo = database.conninfo, .password = database.password});
  if (!connection) return std::unexpected(connection.error());
  if (auto made = migrate(*connection); !made) return std::unexpected(made.error());
  // What an earlier call left on its way is waited for, and a million orders take their time.
  if (auto patient = connection->script("SET lock_timeout = 0; SET statement_timeout = 0"); !patient)
    return std::unexpected(patient.error());
  return std::make_unique<MovableSchema>(std::move(*connection));
}

}  // namespace sluice::adapters::postgresql
