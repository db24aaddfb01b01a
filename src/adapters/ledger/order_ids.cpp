#include "ledger/order_ids.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "ledger/answers.hpp"
#include "ledger/fields.hpp"
#include "ledger/id_number.hpp"
#include "sluice/base/leb128.hpp"
#include "sluice/base/stable_hash.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr char kForm = 1;
constexpr std::uint64_t kHistoryPage = 512;  // pieces: a few milliseconds that a commit may have to wait for
constexpr std::uint64_t kPlacedPage = 8192;
constexpr std::uint64_t kPrintsPage = 8192;

void put_id(std::string& out, const std::string& id) {
  if (const auto number = id_number(id)) {
    put_number(out, *number << 1);
  } else {
    put_text_id(out, id);
  }
}

bool take_id(std::string_view& in, std::string& id) {
  const auto head = take_number(in);
  if (!head) return false;
  if ((*head & 1) != 0) return take_text_id(in, *head, id);
  id = fmt::to_string(*head >> 1);
  return true;
}

bool bears(const ports::RememberedOrder& order, const std::string& id) {
  return order.result.order_id == id || std::ranges::find(order.ids, id) != order.ids.end();
}

std::uint16_t print_of(std::string_view id) {
  const auto hash = fnv(id);
  return static_cast<std::uint16_t>(hash ^ hash >> 16 ^ hash >> 32 ^ hash >> 48);
}

void put_print(std::string& out, std::string_view id) {
  if (id.empty()) return;
  const auto print = print_of(id);
  out += static_cast<char>(print & 0xff);
  out += static_cast<char>(print >> 8);
}

/// Adds what the query asks for. False: it is damaged.
bool add(const HistoryPiece& piece, const ports::HistoryQuery& query, std::vector<ports::RememberedOrder>& orders) {
  auto all = remembered(piece);
  if (!all) return false;
  for (std::size_t i = 0; i < all->rows.size(); ++i) {
    ports::RememberedOrder order{
        .job = piece.job, .ids = std::move(all->orders[i].ids), .result = std::move(all->rows[i])};
    if (query.id.empty() || bears(order, query.id)) orders.push_back(std::move(order));
  }
  return true;
}

/// The piece of that number: none, once it was swept away.
bool add_piece(Statements& statements, std::uint64_t id, const ports::HistoryQuery& query,
               std::vector<ports::RememberedOrder>& orders) {
  Use use = statements.use(Sql::history_piece);
  if (!use.with(id).step()) return true;
  HistoryPiece piece;
  Taker taker(use.statement());
  each_field(piece, taker);
  return taker.sound() && add(piece, query, orders);
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
    if (may_bear(bytes, query.id)) sound = add_piece(statements, page.last, query, page.orders) && sound;
  }
  page.end = pieces < kPrintsPage;
  return page;
}

}  // namespace

std::string pack_prints(std::span<const records::RowResult> rows, std::span<const ports::OrderIds> orders) {
  std::string out;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    for (const auto& id : orders[i].ids) put_print(out, id);
    put_print(out, rows[i].order_id);
  }
  return out;
}

bool may_bear(std::string_view prints, std::string_view id) {
  const auto print = print_of(id);
  for (std::size_t i = 0; i + 1 < prints.size(); i += 2) {
    const auto low = static_cast<unsigned char>(prints[i]);
    const auto high = static_cast<unsigned char>(prints[i + 1]);
    if ((low | high << 8) == print) return true;
  }
  return false;
}

void add_print_function(sqlite3* database) {
  const auto print = [](sqlite3_context* context, int, sqlite3_value** values) {
    HistoryPiece piece;
    const auto bytes = [&](int i) {
      return std::string(static_cast<const char*>(sqlite3_value_blob(values[i])),
                         static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
    };
    piece.answers.bytes = bytes(0);
    piece.ids.bytes = bytes(1);
    const auto all = remembered(piece);
    const auto prints = all ? pack_prints(all->rows, all->orders) : std::string();
    sqlite3_result_blob(context, prints.data(), static_cast<int>(prints.size()), SQLITE_TRANSIENT);
  };
  sqlite3_create_function(database, "print_orders", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, print, nullptr,
                          nullptr);
}

std::string pack_ids(std::span<const ports::OrderIds> orders) {
  std::string out(1, kForm);
  for (const auto& order : orders) {
    const auto count = std::ranges::find(order.ids, std::string()) - order.ids.begin();
    put_number(out, static_cast<std::uint64_t>(count));
    for (const auto& id : std::span(order.ids).first(static_cast<std::size_t>(count))) put_id(out, id);
  }
  return out;
}

bool unpack_ids(std::string_view packed, std::vector<ports::OrderIds>& orders) {
  if (packed.empty() || packed.front() != kForm) return false;
  packed.remove_prefix(1);
  while (!packed.empty()) {
    const auto count = take_number(packed);
    if (!count || *count > ports::OrderIds::kMost) return false;
    auto& order = orders.emplace_back();
    for (auto& id : std::span(order.ids).first(*count)) {
      if (!take_id(packed, id)) return false;
    }
  }
  return true;
}

std::optional<ports::Remember> remembered(const HistoryPiece& piece) {
  ports::Remember all{.job = piece.job, .at = piece.at, .rows = {}, .orders = {}};
  const bool sound = unpack_answers(piece.answers.bytes, all.rows) && unpack_ids(piece.ids.bytes, all.orders) &&
                     all.rows.size() == all.orders.size();
  return sound ? std::optional(std::move(all)) : std::nullopt;
}

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
    sound = sound && taker.sound() && add(piece, query, page.orders);
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
