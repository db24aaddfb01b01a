#include "packing/order_ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "packing/answers.hpp"
#include "packing/bytes.hpp"
#include "packing/fields.hpp"
#include "packing/id_number.hpp"
#include "sluice/base/leb128.hpp"
#include "sluice/base/stable_hash.hpp"

namespace sluice::adapters::packing {
namespace {

constexpr char kForm = 1;
constexpr std::size_t kExpectedIds = 24;  // in bytes, of an order

void put_id(Bytes& out, const std::string& id) {
  if (const auto number = id_number(id)) {
    out.put_numbers(*number << 1);
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

void put_print(Bytes& out, std::string_view id) {
  if (id.empty()) return;
  const auto print = print_of(id);
  out.put_bytes(static_cast<char>(print & 0xff), static_cast<char>(print >> 8));
}

}  // namespace

std::string pack_prints(std::span<const records::RowResult> rows, std::span<const ports::OrderIds> orders) {
  Bytes out(orders.size() * (ports::OrderIds::kMost + 1) * sizeof(std::uint16_t));
  for (std::size_t i = 0; i < orders.size(); ++i) {
    for (const auto& id : orders[i].ids) put_print(out, id);
    OrderId::Room room;
    put_print(out, rows[i].order_id.text(room));
  }
  return out.take();
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

std::string pack_ids(std::span<const ports::OrderIds> orders) {
  Bytes out(1 + orders.size() * kExpectedIds);
  out.put_bytes(kForm);
  for (const auto& order : orders) {
    const auto count = std::ranges::find_if(order.ids, &std::string::empty) - order.ids.begin();
    out.put_numbers(static_cast<std::uint64_t>(count));
    for (const auto& id : std::span(order.ids).first(static_cast<std::size_t>(count))) put_id(out, id);
  }
  return out.take();
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

bool add_remembered(const HistoryPiece& piece, const ports::HistoryQuery& query,
                    std::vector<ports::RememberedOrder>& orders) {
  auto all = remembered(piece);
  if (!all) return false;
  for (std::size_t i = 0; i < all->rows.size(); ++i) {
    ports::RememberedOrder order{
        .job = piece.job, .ids = std::move(all->orders[i].ids), .result = std::move(all->rows[i])};
    if (query.id.empty() || bears(order, query.id)) orders.push_back(std::move(order));
  }
  return true;
}

std::vector<std::uint64_t> placed_marks(std::span<const records::RowResult> rows,
                                        std::span<const ports::OrderIds> orders) {
  std::vector<std::uint64_t> marks;
  marks.reserve(orders.size());
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const bool placed = rows.empty() || rows[i].outcome == records::Outcome::accepted ||
                        rows[i].outcome == records::Outcome::accepted_earlier;
    if (placed && orders[i].mark != 0) marks.push_back(orders[i].mark);
  }
  return marks;
}

}  // namespace sluice::adapters::packing
