#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <utility>

#include "ledger/connection.hpp"
#include "ledger/salvage_columns.hpp"
#include "ledger/salvage_copy.hpp"
#include "ledger/salvage_scan.hpp"
#include "ledger/sql_functions.hpp"
#include "packing/answers.hpp"
#include "packing/order_ids.hpp"
#include "sluice/adapters/ledger/salvage.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::array kTables = {"jobs", "batches", "rows", "editions", "doubts", "first_sends", "notes", "numbers"};
constexpr std::size_t kDamageLines = 100;
constexpr std::size_t kTogether = 256;  // pieces of the history

std::int64_t key_of_job(const ports::JobHeader& job) {
  return static_cast<std::int64_t>(job.id.n);
}
std::int64_t key_of_piece(const AnswerPiece& piece) {
  return piece.id;
}
std::int64_t key_of_history(const HistoryPiece& piece) {
  return static_cast<std::int64_t>(piece.id);
}
std::int64_t key_of_placed(const PlacedPiece& piece) {
  return static_cast<std::int64_t>(piece.id);
}
std::int64_t key_of_doubt(const ports::Doubt& doubt) {
  return static_cast<std::int64_t>(doubt.row);
}

}  // namespace

class Salvage::Impl {
 public:
  explicit Impl(const std::string& path) : copy(path), path_(path) {}

  Result<void> open() {
    if (auto copied = copy_afresh(); !copied || finds_tables()) return copied;
    // The first page holds the schema. Where it is beyond reading, that of a new ledger fits: its tables are made in
    // the same order, so their root pages are the same. A long schema goes on in other pages, which an older ledger
    // doesn't have: hence each version's, newest first.
    for (std::size_t steps = ledger_schema_steps().size(); steps > 0; --steps) {
      if (auto copied = copy_afresh(); !copied) return copied;
      if (auto replaced = copy.replace_first_page(steps); !replaced) return replaced;
      damage.push_back(text::words::first_page_lost());
      if (finds_tables()) return {};
    }
    return std::unexpected(damaged_ledger(path_, text::words::no_table_found()));
  }

  std::vector<ports::JobHeader> jobs() { return scan<ports::JobHeader>("jobs", "n", "", key_of_job).read(0, SIZE_MAX); }
  std::vector<records::RowResult> rows(JobId job, std::uint64_t after, std::size_t limit) {
    if (pieces_of_ != job) read_pieces(job);
    ShelvesRead shelves(after, limit);
    const auto from = std::ranges::lower_bound(pieces_, shelf_of(after + 1), {}, &AnswerPiece::shelf);
    for (const auto& piece : std::ranges::subrange(from, pieces_.end())) {
      if (!shelves.add(piece.shelf, piece.packed.bytes)) lost(text::words::piece_impossible("answers", piece.id));
      if (shelves.full()) break;
    }
    return shelves.take();
  }
  std::vector<ports::Doubt> doubts() {
    std::vector<ports::Doubt> all;
    std::uint64_t job = 0;
    while (const auto next = first<std::uint64_t>("SELECT min(job) FROM doubts WHERE job>?", job)) {
      if (*next <= job) break;
      job = *next;
      auto some = scan<ports::Doubt>("doubts", "row", fmt::format("job={} AND", job), key_of_doubt).read(-1, SIZE_MAX);
      std::ranges::move(some, std::back_inserter(all));
    }
    return all;
  }
  std::uint64_t first_sends(std::uint32_t day) {
    return first<std::uint64_t>("SELECT orders FROM first_sends WHERE day=?", day).value_or(0);
  }
  std::string note(const std::string& key) {
    return first<std::string>("SELECT value FROM notes WHERE key=?", key).value_or("");
  }
  std::vector<ports::Remember> next_remembered() {
    std::vector<ports::Remember> some;
    if (!remembers_) return some;
    for (const auto& piece : scan<HistoryPiece>("history", "id", "", key_of_history).read(history_after_, kTogether)) {
      history_after_ = key_of_history(piece);
      if (auto orders = remembered(piece)) {
        some.push_back(std::move(*orders));
      } else {
        lost(text::words::piece_impossible("history", piece.id));
      }
    }
    for (const auto& piece : scan<PlacedPiece>("placed", "id", "", key_of_placed).read(placed_after_, kTogether)) {
      placed_after_ = key_of_placed(piece);
      some.push_back({.job = piece.placed.job, .at = piece.placed.at, .rows = {}, .orders = {}});
      for (const auto mark : piece.placed.marks) some.back().orders.push_back({.mark = mark, .ids = {}});
    }
    return some;
  }
  // A number is used wherever anything bears it.
  ports::Ledger::Numbers numbers() {
    const auto highest = [this](std::initializer_list<const char*> queries) {
      std::uint64_t number = 0;
      for (const char* query : queries) number = std::max(number, first<std::uint64_t>(query).value_or(0));
      return number;
    };
    const auto answered = packed_ ? highest({"SELECT max(job) FROM answers"}) : 0;
    const auto job = highest({"SELECT highest FROM numbers WHERE what=1", "SELECT max(n) FROM jobs",
                              "SELECT max(job) FROM rows", "SELECT max(job) FROM doubts"});
    return {.job = std::max(job, answered),
            .batch = highest({"SELECT highest FROM numbers WHERE what=2", "SELECT max(id) FROM batches"})};
  }

  SalvageCopy copy;
  std::vector<std::string> damage;

 private:
  Result<void> copy_afresh() {
    database_.reset();
    damage.clear();
    return copy.make(damage);
  }
  // writable_schema lets SQLite read a file that is shorter than its header says.
  bool finds_tables() {
    try {
      database_ = std::make_unique<SQLite::Database>(copy.path(), SQLite::OPEN_READWRITE);
      database_->exec("PRAGMA writable_schema=ON; PRAGMA cell_size_check=ON; PRAGMA temp_store=MEMORY");
    } catch (const SQLite::Exception&) {
      return false;
    }
    const auto found = [this](const char* table) {
      return database_->tryExec(fmt::format("SELECT 1 FROM {} LIMIT 0", table)) == SQLITE_OK;
    };
    add_pack_function(database_->getHandle());
    packed_ = found("answers");
    remembers_ = found("history") && found("placed");
    return std::ranges::all_of(kTables, found);
  }

  template <class T>
  SalvageScan<T> scan(const char* table, const char* key, const std::string& where, std::int64_t (*key_of)(const T&)) {
    return scan<T>(table, key, where, key_of, columns_.select(*database_, table, columns_of<T>()));
  }
  template <class T>
  SalvageScan<T> scan(const char* table, const char* key, const std::string& where, std::int64_t (*key_of)(const T&),
                      const std::vector<std::string>& columns) {
    return SalvageScan<T>(
        *database_, columns, table, key, where, key_of, [this, table, where](std::int64_t after, const char* why) {
          lost(text::words::rows_lost(fmt::format("{} {}", table, where), after, text::words::sqlite_says(why)));
        });
  }

  /// All of a job's at once: by the tables themselves, since an index may be what is damaged. A ledger of an earlier
  /// schema has them as rows.
  void read_pieces(JobId job) {
    const auto current = edition(job);
    const std::vector<std::string> from_rows = {
        "row", "(row-1)/200",
        "pack_answer(row, outcome, status, message, order_id, start_time, end_time, attempts, request, at)"};
    auto rows = scan<AnswerPiece>("rows", "row", fmt::format("job={} AND edition={} AND", job.n, current), key_of_piece,
                                  from_rows);
    pieces_ = rows.read(0, SIZE_MAX);
    if (packed_) {
      auto answers =
          scan<AnswerPiece>("answers", "id", fmt::format("+job={} AND +edition={} AND", job.n, current), key_of_piece);
      std::ranges::move(answers.read(0, SIZE_MAX), std::back_inserter(pieces_));
    }
    std::ranges::sort(pieces_, {}, [](const AnswerPiece& piece) { return std::pair(piece.shelf, piece.id); });
    pieces_of_ = job;
  }

  std::uint64_t edition(JobId job) {
    const auto current = first<std::uint64_t>("SELECT current FROM editions WHERE job=?", job.n);
    // Without it the highest edition is the one in force: earlier ones were forgotten and only not swept yet.
    if (current) return *current;
    return first<std::uint64_t>(
               packed_ ? "SELECT max(edition) FROM answers WHERE job=?" : "SELECT max(edition) FROM rows WHERE job=?",
               job.n)
        .value_or(0);
  }

  /// The first column of the first row, if there is one that can be read.
  template <class T, class... Values>
  std::optional<T> first(const char* query, const Values&... values) {
    try {
      SQLite::Statement statement(*database_, query);
      Binder binder(statement);
      (binder.put(values), ...);
      if (!statement.executeStep() || statement.isColumnNull(0)) return std::nullopt;
      T value{};
      Taker(statement).take(value);
      return value;
    } catch (const SQLite::Exception& exception) {
      lost(text::words::query_failed(query, text::words::sqlite_says(exception.what())));
      return std::nullopt;
    }
  }

  void lost(std::string line) {
    if (damage.size() < kDamageLines && std::ranges::find(damage, line) == damage.end())
      damage.push_back(std::move(line));
  }

  std::string path_;
  SalvageColumns columns_;
  std::unique_ptr<SQLite::Database> database_;
  bool packed_ = false;     ///< it has the table of answers
  bool remembers_ = false;  ///< it has those of the history
  std::int64_t history_after_ = 0;
  std::int64_t placed_after_ = 0;
  std::optional<JobId> pieces_of_;
  std::vector<AnswerPiece> pieces_;
};

Result<std::unique_ptr<Salvage>> Salvage::open(const std::string& path) {
  auto impl = std::make_unique<Impl>(path);
  if (auto opened = impl->open(); !opened) return std::unexpected(opened.error());
  return std::unique_ptr<Salvage>(new Salvage(std::move(impl)));
}

Salvage::Salvage(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Salvage::~Salvage() = default;

std::vector<ports::JobHeader> Salvage::jobs() {
  return impl_->jobs();
}

std::vector<records::RowResult> Salvage::rows(JobId job, std::uint64_t after, std::size_t limit) {
  return impl_->rows(job, after, limit);
}

std::vector<ports::Doubt> Salvage::doubts() {
  return impl_->doubts();
}

std::uint64_t Salvage::first_sends(std::uint32_t day) {
  return impl_->first_sends(day);
}

std::vector<ports::Remember> Salvage::next_remembered() {
  return impl_->next_remembered();
}

std::string Salvage::note(const ports::NoteKey& key) {
  return impl_->note(key.stored());
}

ports::Ledger::Numbers Salvage::numbers() {
  return impl_->numbers();
}

const std::vector<std::string>& Salvage::damage() const {
  return impl_->damage;
}

}  // namespace sluice::adapters::ledger
