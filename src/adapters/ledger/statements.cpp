#include "ledger/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "ledger/fields.hpp"

namespace sluice::adapters::ledger {
namespace {

std::vector<std::string> counts() {
  ports::Counts none{};
  std::vector<std::string> columns;
  each_count(none, [&](const char* column, auto&) { columns.emplace_back(column); });
  return columns;
}

// What AddCounts alone changes.
std::vector<std::string> added() {
  auto columns = counts();
  columns.emplace_back("requests");
  return columns;
}

// What PutHold alone changes.
std::vector<std::string> held() {
  ports::JobHeader none;
  std::vector<std::string> columns;
  each_hold_field(none, [&](const char* column, auto&) { columns.emplace_back(column); });
  return columns;
}

std::vector<std::string> written_by_others() {
  auto columns = added();
  std::ranges::move(held(), std::back_inserter(columns));
  return columns;
}

// Each item in a form ("{0}=?"), with commas between.
std::string join(const std::vector<std::string>& items, std::string_view form) {
  std::string joined;
  for (const auto& item : items) joined += (joined.empty() ? "" : ", ") + fmt::format(fmt::runtime(form), item);
  return joined;
}

template <class T>
std::string select(const char* table, const char* rest) {
  return fmt::format("SELECT {} FROM {} {}", join(columns_of<T>(), "{}"), table, rest);
}

// `first`: columns that are no members of the record.
template <class T>
std::string insert(const char* verb, const char* table, std::vector<std::string> first = {}) {
  auto columns = std::move(first);
  std::ranges::copy(columns_of<T>(), std::back_inserter(columns));
  return fmt::format("{} INTO {}({}) VALUES({})", verb, table, join(columns, "{}"),
                     join(std::vector<std::string>(columns.size(), "?"), "{}"));
}

// Updating in place keeps the row's page and leaves deletions of index entries to what really changed.
template <class T>
std::string insert_or_update(const char* table, const char* key, const std::vector<std::string>& but = {}) {
  auto columns = columns_of<T>();
  std::erase_if(columns,
                [&](const std::string& column) { return column == key || std::ranges::count(but, column) > 0; });
  return fmt::format("{} ON CONFLICT({}) DO UPDATE SET {}", insert<T>("INSERT", table), key,
                     join(columns, "{0}=excluded.{0}"));
}

std::string text_of(Sql which) {
  using ports::Batch, ports::Doubt, ports::JobHeader, records::RowResult;
  switch (which) {
    case Sql::begin:
      return "BEGIN IMMEDIATE";
    case Sql::commit:
      return "COMMIT";
    case Sql::rollback:
      return "ROLLBACK";
    case Sql::put_job:
      return insert_or_update<JobHeader>("jobs", "n", written_by_others());
    case Sql::put_hold:
      return fmt::format("UPDATE jobs SET {} WHERE n=?", join(held(), "{0}=?"));
    case Sql::add_counts:
      return fmt::format("UPDATE jobs SET {} WHERE n=?", join(added(), "{0}={0}+?"));
    case Sql::zero_counts:
      return fmt::format("UPDATE jobs SET {} WHERE n=?", join(counts(), "{0}=0"));
    case Sql::put_number:
      return "INSERT INTO numbers(what,highest) VALUES(?,?) ON CONFLICT(what) DO UPDATE SET highest=excluded.highest "
             "WHERE excluded.highest > highest";
    case Sql::put_batch:
      return insert_or_update<Batch>("batches", "id");
    case Sql::drop_batch:
      return "DELETE FROM batches WHERE id=?";
    case Sql::drop_batches:
      return "DELETE FROM batches WHERE job=?";
    case Sql::edition:
      return "SELECT current FROM editions WHERE job=?";
    case Sql::next_edition:
      return "INSERT INTO editions(job,current) VALUES(?,1) ON CONFLICT(job) DO UPDATE SET current=current+1";
    case Sql::put_row:
      return insert<RowResult>("INSERT OR REPLACE", "rows", {"job", "edition"});
    case Sql::count_first_sends:
      return "INSERT INTO first_sends(day,orders) VALUES(?,?) ON CONFLICT(day) DO UPDATE SET "
             "orders=orders+excluded.orders";
    case Sql::put_doubt:
      return insert<Doubt>("INSERT OR REPLACE", "doubts");
    case Sql::drop_doubts:
      return "DELETE FROM doubts WHERE job=?";
    case Sql::prune_doubts:
      return "DELETE FROM doubts WHERE since<?";
    case Sql::put_note:
      return "INSERT OR REPLACE INTO notes(key,value) VALUES(?,?)";
    case Sql::drop_note:
      return "DELETE FROM notes WHERE key=?";
    case Sql::open_jobs:
      return select<JobHeader>("jobs", "WHERE state NOT IN (5, 7, 8) ORDER BY n");
    case Sql::job:
      return select<JobHeader>("jobs", "WHERE n=?");
    case Sql::jobs_with_content:
      return select<JobHeader>("jobs", "WHERE content_hash=? AND claimed_at>=? ORDER BY claimed_at DESC, n DESC");
    case Sql::ended_jobs:
      return select<JobHeader>("jobs", "WHERE state IN (5, 7) ORDER BY finished_at DESC, n DESC LIMIT ?");
    case Sql::batches:
      return select<Batch>("batches", "WHERE job=? AND fresh=? AND id>? ORDER BY id LIMIT ?");
    case Sql::rows:
      return select<RowResult>("rows", "WHERE job=? AND edition=? AND row>? ORDER BY row LIMIT ?");
    case Sql::doubts:
      return select<Doubt>("doubts", "WHERE since>? ORDER BY job, row");
    case Sql::first_sends:
      return "SELECT orders FROM first_sends WHERE day=?";
    case Sql::note:
      return "SELECT value FROM notes WHERE key=?";
    case Sql::number:
      return "SELECT highest FROM numbers WHERE what=?";
    case Sql::forgotten:
      return "SELECT e.job, r.edition FROM editions e JOIN rows r ON r.job=e.job AND r.edition<e.current LIMIT 1";
    case Sql::sweep_rows:
      return "DELETE FROM rows WHERE job=?1 AND edition=?2 AND row<=(SELECT max(row) FROM (SELECT row FROM rows WHERE "
             "job=?1 AND edition=?2 ORDER BY row LIMIT ?3))";
    case Sql::drop_editions:
      return "DELETE FROM editions WHERE NOT EXISTS (SELECT 1 FROM rows WHERE rows.job=editions.job)";
    case Sql::count_:
      break;
  }
  return "";
}

}  // namespace

Use Statements::use(Sql which) {
  auto& kept = kept_[static_cast<std::size_t>(which)];
  if (!kept) kept.emplace(database_, text_of(which));
  return Use(*kept);
}

}  // namespace sluice::adapters::ledger
