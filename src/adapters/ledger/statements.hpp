#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "ledger/values.hpp"

namespace sluice::adapters::ledger {

/// Every statement of the ledger; the texts are in statements.cpp, parameters in their order there.
enum class Sql : std::uint8_t {
  begin,
  commit,
  rollback,
  put_job,
  put_hold,
  add_counts,
  zero_counts,
  put_number,
  put_batch,
  drop_batch,
  drop_batches,
  edition,
  next_edition,
  put_answers,
  put_history,
  put_prints,
  put_placed,
  count_first_sends,
  put_doubt,
  drop_doubts,
  resolve_doubt,
  prune_doubts,
  put_note,
  drop_note,
  open_jobs,
  job,
  jobs_with_content,
  jobs_before,
  ended_jobs,
  jobs_ended,
  batches,
  answers,
  history,
  history_of_job,
  history_piece,
  prints,
  placed,
  doubts,
  first_sends,
  note,
  number,
  forgotten,
  sweep_answers,
  sweep_history,
  sweep_placed,
  sweep_prints,
  drop_editions,
  count_,
};

/// A kept statement for the time of one use; reset at the end, so that no read stays open.
class Use {
 public:
  explicit Use(SQLite::Statement& statement) : statement_(statement) {}
  ~Use() { statement_.tryReset(); }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

  template <class... Values>
  Use& with(const Values&... values) {
    Binder binder(statement_);
    (binder.put(values), ...);
    return *this;
  }
  void run() { statement_.exec(); }
  bool step() { return statement_.executeStep(); }
  std::int64_t number() { return statement_.getColumn(0).getInt64(); }
  SQLite::Statement& statement() { return statement_; }

 private:
  SQLite::Statement& statement_;
};

/// What is prepared.
std::string text_of(Sql which);

/// Statements prepared at their first use and kept. Throws SQLite::Exception.
class Statements {
 public:
  explicit Statements(SQLite::Database& database) : database_(database) {}
  Use use(Sql which);

 private:
  SQLite::Database& database_;
  std::array<std::optional<SQLite::Statement>, static_cast<std::size_t>(Sql::count_)> kept_;
};

}  // namespace sluice::adapters::ledger
