#include "ledger/history.hpp"

#include <string_view>
#include <utility>

#include "packing/fields.hpp"
#include "packing/order_ids.hpp"

namespace sluice::adapters::ledger {
namespace {

using packing::HistoryPiece;
using packing::PlacedPiece;

constexpr std::uint64_t kHistoryPage = 512;  // pieces: a few milliseconds that a commit may have to wait for
constexpr std::uint64_t kPlacedPage = 8192;
constexpr std::uint64_t kPrintsPage = 8192;

/// The piece of that number: none, once it was swept away.
bool add_piece(Statements& statements, std::uint64_t id, const ports::HistoryQuery& query,
               std::vector<ports::RememberedOrder>& orders) {
  Use use = statements.use(Sql::history_piece);
  if (!use.with(id).step()) return true;
  HistoryPiece piece;
  Taker taker(use.statement());
  each_field(piece, taker);
  return taker.sound() && add_remembered(piece, query, orders);
}

/// By the prints: only pieces that may bear it are read.
ports::HistoryPage find_in_history(Statements& statements, const ports::HistoryQuery& query, std::uint64_t after,
                                   bool& sound) {
  Use use = statements.use(Sql::prints);
  use.with(after, kPrintsPage);
  ports::HistoryPage page{.orders = {}, .last = after};
  std::uint64_t pieces = 0;
  for (; use.step(); ++pieces) {
    page.last = static_cast<std::uint64_t>(use.number());
    const auto prints = use.statement().getColumn(1);
    const std::string_view bytes(static_cast<const char*>(prints.getBlob()),
                                 static_cast<std::size_t>(prints.getBytes()));
    if (packing::may_bear(bytes, query.id)) sound = add_piece(statements, page.last, query, page.orders) && sound;
  }
  page.end = pieces < kPrintsPage;
  return page;
}

}  // namespace

ports::HistoryPage read_history(Statements& statements, const ports::HistoryQuery& query, std::uint64_t after,
                                bool& sound) {
  if (!query.id.empty() && !query.job) return find_in_history(statements, query, after, sound);
  Use use = statements.use(query.job ? Sql::history_of_job : Sql::history);
  query.job ? use.with(after, query.job->n, kHistoryPage) : use.with(after, kHistoryPage);
  ports::HistoryPage page{.orders = {}, .last = after};
  std::uint64_t pieces = 0;
  for (; use.step(); ++pieces) {
    HistoryPiece piece;
    Taker taker(use.statement());
    each_field(piece, taker);
    sound = sound && taker.sound() && add_remembered(piece, query, page.orders);
    page.last = piece.id;
  }
  page.end = pieces < kHistoryPage;
  return page;
}

ports::PlacedPage read_placed(Statements& statements, WallTime since, std::uint64_t after, bool& sound) {
  Use use = statements.use(Sql::placed);
  use.with(after, kPlacedPage);
  ports::PlacedPage page{.placed = {}, .last = after};
  std::uint64_t pieces = 0;
  for (; use.step(); ++pieces) {
    PlacedPiece piece;
    Taker taker(use.statement());
    each_field(piece, taker);
    sound = sound && taker.sound();
    page.last = piece.id;
    if (piece.placed.at >= since) page.placed.push_back(std::move(piece.placed));
  }
  page.end = pieces < kPlacedPage;
  return page;
}

}  // namespace sluice::adapters::ledger
