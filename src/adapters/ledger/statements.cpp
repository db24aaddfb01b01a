#include "ledger/statements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "packing/fields.hpp"

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
  columns.emplace_back("other_starts");
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

template <class T>
std::string insert(const char* verb, const char* table) {
  const auto columns = columns_of<T>();
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

std::string sweep(const char* table) {
  return fmt::format(
      "DELETE FROM {0} WHERE id IN (SELECT id FROM (SELECT id, at FROM {0} ORDER BY id LIMIT ?) WHERE at<?)", table);
}

using ports::Batch, ports::Doubt, ports::JobHeader;

/// A statement's text, made when the statement is first used.
struct Text {
  Sql which;
  std::string (*make)();
};

constexpr std::array<Text, static_cast<std::size_t>(Sql::count_)> kTexts = {{
    {Sql::begin, []() -> std::string { return "BEGIN IMMEDIATE"; }},
    {Sql::commit, []() -> std::string { return "COMMIT"; }},
    {Sql::rollback, []() -> std::string { return "ROLLBACK"; }},
    {Sql::put_job, []() -> std::string { return insert_or_update<JobHeader>("jobs", "n", written_by_others()); }},
    {Sql::put_hold, []() -> std::string { return fmt::format("UPDATE jobs SET {} WHERE n=?", join(held(), "{0}=?")); }},
    {Sql::add_counts,
     []() -> std::string { return fmt::format("UPDATE jobs SET {} WHERE n=?", join(added(), "{0}={0}+?")); }},
    {Sql::zero_counts,
     []() -> std::string { return fmt::format("UPDATE jobs SET {} WHERE n=?", join(counts(), "{0}=0")); }},
    // Only ever upwards: a batch that is put again must not lower what was used since.
    {Sql::put_number,
     []() -> std::string {
       return "INSERT INTO numbers(what,highest) VALUES(?,?) ON CONFLICT(what) DO UPDATE SET highest=excluded.highest "
              "WHERE excluded.highest > highest";
     }},
    {Sql::put_batch, []() -> std::string { return insert_or_update<Batch>("batches", "id"); }},
    {Sql::drop_batch, []() -> std::string { return "DELETE FROM batches WHERE id=?"; }},
    {Sql::drop_batches, []() -> std::string { return "DELETE FROM batches WHERE job=?"; }},
    {Sql::edition, []() -> std::string { return "SELECT current FROM editions WHERE job=?"; }},
    {Sql::next_edition,
     []() -> std::string {
       return "INSERT INTO editions(job,current) VALUES(?,1) ON CONFLICT(job) DO UPDATE SET current=current+1";
     }},
    {Sql::put_answers, []() -> std::string { return "INSERT INTO answers(job,edition,shelf,packed) VALUES(?,?,?,?)"; }},
    {Sql::put_history,
     []() -> std::string { return "INSERT INTO history(job,job_day,at,answers,ids) VALUES(?,?,?,?,?)"; }},
    {Sql::put_prints, []() -> std::string { return "INSERT INTO prints(id,packed) VALUES(last_insert_rowid(),?)"; }},
    {Sql::put_placed, []() -> std::string { return "INSERT INTO placed(job,job_day,at,marks) VALUES(?,?,?,?)"; }},
    {Sql::count_first_sends,
     []() -> std::string {
       return "INSERT INTO first_sends(day,orders) VALUES(?,?) ON CONFLICT(day) DO UPDATE SET "
              "orders=orders+excluded.orders";
     }},
    {Sql::put_doubt, []() -> std::string { return insert<Doubt>("INSERT OR REPLACE", "doubts"); }},
    {Sql::drop_doubts, []() -> std::string { return "DELETE FROM doubts WHERE job=?"; }},
    {Sql::resolve_doubt, []() -> std::string { return "UPDATE doubts SET looked_up=? WHERE job=? AND row=?"; }},
    {Sql::prune_doubts, []() -> std::string { return "DELETE FROM doubts WHERE since<?"; }},
    {Sql::put_note, []() -> std::string { return "INSERT OR REPLACE INTO notes(key,value) VALUES(?,?)"; }},
    {Sql::drop_note, []() -> std::string { return "DELETE FROM notes WHERE key=?"; }},
    // All states but done, rejected and dropped, named so that the index jobs_by_end finds them.
    {Sql::open_jobs,
     []() -> std::string { return select<JobHeader>("jobs", "WHERE state IN (1, 2, 3, 4, 6) ORDER BY n"); }},
    {Sql::job, []() -> std::string { return select<JobHeader>("jobs", "WHERE n=?"); }},
    {Sql::jobs_with_content,
     []() -> std::string {
       return select<JobHeader>("jobs", "WHERE content_hash=? AND claimed_at>=? ORDER BY claimed_at DESC, n DESC");
     }},
    {Sql::jobs_before, []() -> std::string { return select<JobHeader>("jobs", "WHERE n<? ORDER BY n DESC LIMIT ?"); }},
    {Sql::ended_jobs,
     []() -> std::string {
       return select<JobHeader>("jobs", "WHERE state IN (5, 7) ORDER BY finished_at DESC, n DESC LIMIT ?");
     }},
    {Sql::jobs_ended,
     []() -> std::string {
       return select<JobHeader>("jobs", "WHERE state=? AND finished_at>=? AND finished_at<? ORDER BY finished_at, n");
     }},
    {Sql::batches,
     []() -> std::string { return select<Batch>("batches", "WHERE job=? AND fresh=? AND id>? ORDER BY id LIMIT ?"); }},
    {Sql::answers,
     []() -> std::string {
       return select<AnswerPiece>("answers", "WHERE job=? AND edition=? AND shelf>=? ORDER BY shelf, id");
     }},
    {Sql::history, []() -> std::string { return select<HistoryPiece>("history", "WHERE id>? ORDER BY id LIMIT ?"); }},
    {Sql::history_of_job,
     []() -> std::string { return select<HistoryPiece>("history", "WHERE id>? AND job=? ORDER BY id LIMIT ?"); }},
    {Sql::history_piece, []() -> std::string { return select<HistoryPiece>("history", "WHERE id=?"); }},
    {Sql::prints, []() -> std::string { return "SELECT id, packed FROM prints WHERE id>? ORDER BY id LIMIT ?"; }},
    {Sql::placed, []() -> std::string { return select<PlacedPiece>("placed", "WHERE id>? ORDER BY id LIMIT ?"); }},
    {Sql::doubts, []() -> std::string { return select<Doubt>("doubts", "WHERE since>? ORDER BY job, row"); }},
    {Sql::first_sends, []() -> std::string { return "SELECT orders FROM first_sends WHERE day=?"; }},
    {Sql::note, []() -> std::string { return "SELECT value FROM notes WHERE key=?"; }},
    {Sql::number, []() -> std::string { return "SELECT highest FROM numbers WHERE what=?"; }},
    {Sql::forgotten,
     []() -> std::string {
       return "SELECT e.job, a.edition FROM editions e JOIN answers a ON a.job=e.job AND a.edition<e.current LIMIT 1";
     }},
    {Sql::sweep_answers,
     []() -> std::string {
       return "DELETE FROM answers WHERE id IN (SELECT id FROM answers WHERE job=? AND edition=? LIMIT ?)";
     }},
    // The oldest have the lowest ids: where the first of them is young enough, nothing more is looked at.
    {Sql::sweep_history, []() -> std::string { return sweep("history"); }},
    {Sql::sweep_placed, []() -> std::string { return sweep("placed"); }},
    {Sql::sweep_prints,
     []() -> std::string {
       return "DELETE FROM prints WHERE id IN (SELECT id FROM prints WHERE id < coalesce((SELECT min(id) FROM "
              "history), 9223372036854775807) ORDER BY id LIMIT ?)";
     }},
    {Sql::drop_editions,
     []() -> std::string {
       return "DELETE FROM editions WHERE NOT EXISTS (SELECT 1 FROM answers WHERE answers.job=editions.job)";
     }},
}};

constexpr bool in_the_order_of_their_names() {
  for (std::size_t i = 0; i < kTexts.size(); ++i) {
    if (kTexts[i].which != static_cast<Sql>(i)) return false;
  }
  return true;
}
static_assert(in_the_order_of_their_names());

}  // namespace

std::string text_of(Sql which) {
  return kTexts[static_cast<std::size_t>(which)].make();
}

Use Statements::use(Sql which) {
  auto& kept = kept_[static_cast<std::size_t>(which)];
  // Prepared once: parsing costs more than most of these take to run.
  if (!kept) kept.emplace(database_, text_of(which));
  return Use(*kept);
}

}  // namespace sluice::adapters::ledger
