#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include "packing/order_ids.hpp"
#include "postgresql/records.hpp"
#include "postgresql/statements.hpp"
#include "postgresql/store.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::postgresql {
namespace {

constexpr std::uint64_t kHistoryPage = 512;  // pieces: some milliseconds that a commit may have to wait for
constexpr std::uint64_t kPlacedPage = 2048;
constexpr std::uint64_t kPrintsPage = 4096;
constexpr std::uint64_t kSweepPieces = 512;

}  // namespace

/// Adds those of the pieces' orders that are asked for; the id of the last piece, 0: there is none.
Result<std::uint64_t> Store::add_pieces(const Rows& pieces, const ports::HistoryQuery& query,
                                        std::vector<ports::RememberedOrder>& orders) {
  packing::HistoryPiece piece;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    piece = {};
    FieldReader reader(pieces, i);
    each_field(piece, reader);
    if (!reader.sound() || !add_remembered(piece, query, orders))
      return std::unexpected(damage(text::words::remembered_unreadable()));
  }
  return piece.id;
}

/// By the prints: only pieces that may bear the id are read.
Result<ports::HistoryPage> Store::find(const ports::HistoryQuery& query, std::uint64_t after) {
  const auto prints =
      run("SELECT id, packed FROM prints WHERE id>$1 ORDER BY id LIMIT $2", Arguments().put(after).put(kPrintsPage));
  if (!prints) return std::unexpected(prints.error());
  ports::HistoryPage page{.orders = {}, .last = after, .end = prints->size() < kPrintsPage};
  std::vector<std::uint64_t> bearers;
  for (std::size_t i = 0; i < prints->size(); ++i) {
    page.last = static_cast<std::uint64_t>(prints->number(i, 0));
    if (packing::may_bear(prints->bytes(i, 1), query.id)) bearers.push_back(page.last);
  }
  if (bearers.empty()) return page;
  const auto pieces = run(Statements::get().history_pieces, Arguments().put_list(bearers));
  if (!pieces) return std::unexpected(pieces.error());
  if (auto done = add_pieces(*pieces, query, page.orders); !done) return std::unexpected(done.error());
  return page;
}

Result<ports::HistoryPage> Store::history(const ports::HistoryQuery& query, std::uint64_t after) {
  if (!query.id.empty() && !query.job) return find(query, after);
  Arguments asked;
  asked.put(after).put(kHistoryPage);
  if (query.job) asked.put(query.job->n);
  const auto pieces = run(query.job ? Statements::get().history_of_job : Statements::get().history, asked);
  if (!pieces) return std::unexpected(pieces.error());
  ports::HistoryPage page{.orders = {}, .last = after, .end = pieces->size() < kHistoryPage};
  const auto last = add_pieces(*pieces, query, page.orders);
  if (!last) return std::unexpected(last.error());
  page.last = std::max(after, *last);
  return page;
}

Result<ports::PlacedPage> Store::placed(WallTime since, std::uint64_t after) {
  const auto pieces = run(Statements::get().placed, Arguments().put(after).put(kPlacedPage));
  if (!pieces) return std::unexpected(pieces.error());
  ports::PlacedPage page{.placed = {}, .last = after, .end = pieces->size() < kPlacedPage};
  for (std::size_t i = 0; i < pieces->size(); ++i) {
    packing::PlacedPiece piece;
    FieldReader reader(*pieces, i);
    each_field(piece, reader);
    if (!reader.sound()) return std::unexpected(damage(text::words::remembered_unreadable()));
    page.last = piece.id;
    if (piece.placed.at >= since) page.placed.push_back(std::move(piece.placed));
  }
  return page;
}

// In small steps: forgetting a million rows at once would stop all sending for seconds. The oldest have the lowest ids:
// where the first of them is young enough, nothing more is looked at. Another host may sweep at the same time. Editions
// stay, a row a job: another host may just be writing answers of one.
Result<bool> Store::sweep_some() {
  const auto answers =
      run("DELETE FROM answers WHERE id IN (SELECT a.id FROM editions e JOIN answers a ON a.job=e.job AND "
          "a.edition<e.current LIMIT $1 FOR UPDATE OF a SKIP LOCKED)",
          Arguments().put(kSweepPieces));
  if (!answers) return std::unexpected(answers.error());
  if (answers->affected() > 0) return true;
  const auto before = number_of("SELECT highest FROM numbers WHERE what=3", {});
  if (!before) return std::unexpected(before.error());
  if (*before == 0) return false;
  const auto history = swept("history", *before);
  if (!history) return std::unexpected(history.error());
  const auto placed = swept("placed", *before);
  if (!placed) return std::unexpected(placed.error());
  const auto prints =
      run("DELETE FROM prints WHERE id IN (SELECT id FROM prints WHERE id < coalesce((SELECT min(id) FROM history), "
          "9223372036854775807) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)",
          Arguments().put(kSweepPieces));
  if (!prints) return std::unexpected(prints.error());
  return *history + *placed + prints->affected() > 0;
}

Result<std::uint64_t> Store::swept(std::string_view table, std::uint64_t before) {
  const auto sql = fmt::format(
      "DELETE FROM {0} WHERE id IN (SELECT id FROM (SELECT id, at FROM {0} ORDER BY id LIMIT $1) AS oldest WHERE "
      "at<$2)",
      table);
  const auto rows = run(sql, Arguments().put(kSweepPieces).put(before));
  if (!rows) return std::unexpected(rows.error());
  return rows->affected();
}

}  // namespace sluice::adapters::postgresql
