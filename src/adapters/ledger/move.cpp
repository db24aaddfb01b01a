#include "sluice/adapters/ledger/move.hpp"

#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "ledger/connection.hpp"
#include "ledger/departed.hpp"
#include "packing/moved_tables.hpp"
#include "sluice/text/words/moving.hpp"

namespace sluice::adapters::ledger {

namespace {

using packing::ColumnKind;
using ports::Cell;
using ports::TableRow;

// Whatever it held: what a job under way had is empty, since there is none.
constexpr const char* kEmpty =
    "DELETE FROM jobs; DELETE FROM batches; DELETE FROM answers; DELETE FROM editions; DELETE FROM doubts; "
    "DELETE FROM first_sends; DELETE FROM notes; DELETE FROM numbers; DELETE FROM history; DELETE FROM prints; "
    "DELETE FROM placed;";

void bind(SQLite::Statement& statement, int place, const Cell& cell, ColumnKind kind) {
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return statement.bind(place, *number);
  const auto* bytes = std::get_if<std::string>(&cell);
  if (bytes == nullptr) return statement.bind(place);
  if (kind == ColumnKind::bytes) return statement.bind(place, bytes->data(), static_cast<int>(bytes->size()));
  statement.bind(place, *bytes);  // with its length: it may hold any byte
}

Cell cell_of(const SQLite::Column& column) {
  if (column.isNull()) return {};
  if (column.isInteger()) return column.getInt64();
  return column.getString();
}

class MovableFile final : public ports::MovableLedger {
 public:
  MovableFile(std::string path, std::unique_ptr<SQLite::Database> database)
      : path_(std::move(path)), database_(std::move(database)) {}

  const std::string& where() const override { return path_; }

  Result<std::optional<ports::Departure>> departure() override {
    return guarded<std::optional<ports::Departure>>([&] { return departure_of(*database_); });
  }
  Result<void> depart(const ports::Departure& departure) override {
    const auto open = guarded<bool>(
        [&] { return database_->execAndGet("SELECT count(*) FROM jobs WHERE state NOT IN (5, 7, 8)").getInt64() > 0; });
    if (!open) return std::unexpected(open.error());
    if (*open) return fail(ErrorKind::busy, text::words::move_job_under_way(path_));
    return note(departure);
  }
  Result<void> note(const std::optional<ports::Departure>& departure) override {
    return guarded<void>([&] { put_note(packing::kDeparted, departure ? packing::pack_departure(*departure) : ""); });
  }
  Result<std::string> arrival() override {
    return guarded<std::string>([&] {
      SQLite::Statement note(*database_, "SELECT value FROM notes WHERE key=?");
      note.bind(1, packing::kArrived);
      return note.executeStep() ? note.getColumn(0).getString() : std::string();
    });
  }
  Result<bool> empty() override {
    return guarded<bool>([&] {
      return database_
                 ->execAndGet(
                     "SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM doubts) + (SELECT count(*) "
                     "FROM history) + (SELECT coalesce(max(highest), 0) FROM numbers)")
                 .getInt64() == 0;
    });
  }
  Result<std::vector<TableRow>> read(ports::MovedTable which, const TableRow& after, std::size_t limit) override {
    return guarded<std::vector<TableRow>>([&] { return rows_behind(packing::moved_table(which), after, limit); });
  }
  Result<std::string> secret() override { return std::string(); }

  Result<void> begin() override {
    return guarded<void>([&] {
      transaction_.emplace(*database_, SQLite::TransactionBehavior::IMMEDIATE);
      database_->exec(kEmpty);
    });
  }
  Result<void> add(ports::MovedTable which, std::span<const TableRow> rows) override {
    const auto& table = packing::moved_table(which);
    return guarded<void>([&] {
      SQLite::Statement insert(*database_, packing::insert_moved(table, "?"));
      for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i)
          bind(insert, static_cast<int>(i) + 1, row[i], table.columns[i].kind);
        insert.exec();
        insert.reset();
      }
    });
  }
  Result<void> finish(const std::string& move, const std::string&) override {
    return guarded<void>([&] {
      put_note(packing::kArrived, move);
      transaction_->commit();
      transaction_.reset();
    });
  }

 private:
  /// SQLite's exceptions end here.
  template <class T, class Work>
  Result<T> guarded(Work work) {
    try {
      if constexpr (std::is_void_v<T>) {
        work();
        return {};
      } else {
        return work();
      }
    } catch (const SQLite::Exception& exception) {
      return std::unexpected(ledger_error(path_, exception, sqlite3_system_errno(database_->getHandle())));
    }
  }

  std::vector<TableRow> rows_behind(const packing::MovedTable& table, const TableRow& after, std::size_t limit) {
    SQLite::Statement select(*database_, packing::select_moved(table, "?", after.empty()));
    int place = 1;
    if (!after.empty()) {
      for (std::size_t i = 0; i < table.key; ++i) bind(select, place++, after[i], table.columns[i].kind);
    }
    select.bind(place, static_cast<std::int64_t>(limit));
    std::vector<TableRow> rows;
    while (select.executeStep()) {
      auto& row = rows.emplace_back();
      for (int i = 0; i < select.getColumnCount(); ++i) row.push_back(cell_of(select.getColumn(i)));
    }
    return rows;
  }

  void put_note(const char* key, const std::string& value) {
    SQLite::Statement put(*database_, value.empty() ? "DELETE FROM notes WHERE key=?"
                                                    : "INSERT INTO notes(key,value) VALUES(?,?) ON CONFLICT(key) DO "
                                                      "UPDATE SET value=excluded.value");
    put.bind(1, key);
    if (!value.empty()) put.bind(2, value);
    put.exec();
  }

  std::string path_;
  std::unique_ptr<SQLite::Database> database_;
  std::optional<SQLite::Transaction> transaction_;
};

}  // namespace

std::optional<ports::Departure> departure_of(SQLite::Database& database) {
  SQLite::Statement note(database, "SELECT value FROM notes WHERE key=?");
  note.bind(1, packing::kDeparted);
  return note.executeStep() ? packing::unpack_departure(note.getColumn(0).getString()) : std::nullopt;
}

Result<void> not_departed(SQLite::Database& database, const std::string& path) {
  const auto left = departure_of(database);
  if (!left) return {};
  return fail(ErrorKind::config, left->arrived ? text::words::ledger_moved(path, left->where)
                                               : text::words::ledger_moving(path, left->where));
}

Result<std::unique_ptr<ports::MovableLedger>> open_to_move(const std::string& path) {
  auto opened = open_file(path, {});
  if (!opened) return std::unexpected(opened.error());
  return std::make_unique<MovableFile>(path, std::move(opened->database));
}

bool was_left(const std::string& path) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return false;
  const auto opened = open_file(path, {.read_only = true});
  if (!opened) return false;
  try {
    const auto left = departure_of(*opened->database);
    return left && left->arrived;
  } catch (const SQLite::Exception&) {
    return false;
  }
}

}  // namespace sluice::adapters::ledger
