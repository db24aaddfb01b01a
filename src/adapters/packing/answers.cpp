#include "packing/answers.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "packing/bytes.hpp"
#include "packing/id_number.hpp"
#include "packing/stored.hpp"
#include "sluice/base/leb128.hpp"

namespace sluice::adapters::packing {
namespace {

using records::RowResult;

constexpr char kForm = 2;
constexpr std::size_t kMostReserved = 4096;
constexpr char kIdsAsText = 1;  ///< the form before
// In bytes: what the rows of a batch share, and what each has of its own.
constexpr std::size_t kExpectedHead = 256;
constexpr std::size_t kExpectedRow = 16;

/// Order ids one after the other. They are numbers that grow, so that one differs little from the one before.
class Ids {
 public:
  void put(Bytes& out, const OrderId& id) {
    const auto number = id.number();
    const auto step = number ? zigzag(*number - last_) : UINT64_MAX;
    OrderId::Room room;
    if (step >> 63 != 0) return put_text_id(out, id.text(room));
    out.put_numbers(step << 1);
    last_ = *number;
  }
  bool take(std::string_view& in, OrderId& id) {
    const auto head = take_number(in);
    if (!head) return false;
    if ((*head & 1) != 0) {
      std::string text;
      const bool taken = take_text_id(in, *head, text);
      id = text;
      return taken;
    }
    last_ += unzigzag(*head >> 1);
    id = OrderId::of(last_);
    return true;
  }

 private:
  std::uint64_t last_ = 0;
};

void put_value(Bytes& out, std::string_view text) {
  out.put_numbers(text.size());
  out.put_text(text);
}
void put_value(Bytes& out, std::uint32_t number) {
  out.put_numbers(std::uint64_t{number});
}
void put_value(Bytes& out, records::Outcome outcome) {
  out.put_numbers(std::uint64_t{std::to_underlying(outcome)});
}
void put_value(Bytes& out, std::optional<int> status) {
  out.put_numbers(std::uint64_t{status.has_value()});
  if (status) out.put_numbers(zigzag(static_cast<std::uint64_t>(*status)));
}
void put_value(Bytes& out, std::optional<WallTime> time) {
  out.put_numbers(std::uint64_t{time.has_value()});
  if (time) out.put_numbers(zigzag(static_cast<std::uint64_t>(time->time_since_epoch().count())));
}

bool take_value(std::string_view& in, std::string& text) {
  const auto size = take_number(in);
  return size && take_bytes(in, *size, text);
}
template <class Text>  // SharedText, OrderId
bool take_value(std::string_view& in, Text& text)
  requires std::is_constructible_v<Text, std::string>
{
  std::string taken;
  if (!take_value(in, taken)) return false;
  text = std::move(taken);
  return true;
}
bool take_value(std::string_view& in, std::uint32_t& number) {
  const auto value = take_number(in);
  number = static_cast<std::uint32_t>(value.value_or(0));
  return value.has_value();
}
bool take_value(std::string_view& in, records::Outcome& outcome) {
  const auto value = take_number(in);
  if (!value || !in_range_of<records::Outcome>(*value)) return false;
  outcome = static_cast<records::Outcome>(*value);
  return true;
}
/// A signed number that may be absent.
std::optional<std::optional<std::int64_t>> take_optional(std::string_view& in) {
  const auto there = take_number(in);
  if (!there || *there > 1) return std::nullopt;
  if (*there == 0) return std::optional<std::int64_t>();
  const auto value = take_number(in);
  if (!value) return std::nullopt;
  return static_cast<std::int64_t>(unzigzag(*value));
}
bool take_value(std::string_view& in, std::optional<int>& status) {
  const auto value = take_optional(in);
  if (!value) return false;
  status = value->transform([](std::int64_t number) { return static_cast<int>(number); });
  return true;
}
bool take_value(std::string_view& in, std::optional<WallTime>& time) {
  const auto value = take_optional(in);
  if (!value) return false;
  time = value->transform([](std::int64_t number) { return WallTime(Millis(number)); });
  return true;
}

/// Visits all but the row's number, in the order of their bits. Stored: never change it.
template <class Row, class Visit>
void each_shared(Row& row, const RowResult& before, Visit&& visit) {
  visit(row.outcome, before.outcome);
  visit(row.status, before.status);
  visit(row.message, before.message);
  visit(row.order_id, before.order_id);
  visit(row.start_time, before.start_time);
  visit(row.end_time, before.end_time);
  visit(row.attempts, before.attempts);
  visit(row.request, before.request);
  visit(row.at, before.at);
}

}  // namespace

std::string pack_answers(std::span<const RowResult> rows) {
  Bytes out(kExpectedHead + rows.size() * kExpectedRow);
  out.put_bytes(kForm);
  Ids ids;
  const RowResult none;
  const RowResult* before = &none;
  const auto put = [&]<class T>(const T& value) {
    if constexpr (std::is_same_v<T, OrderId>)
      ids.put(out, value);
    else
      put_value(out, value);
  };
  for (const auto& row : rows) {
    out.put_numbers(zigzag(row.row - before->row));
    std::uint64_t differs = 0;
    std::uint64_t bit = 1;
    each_shared(row, *before, [&](const auto& value, const auto& earlier) {
      if (value != earlier) differs |= bit;
      bit <<= 1;
    });
    out.put_numbers(differs);
    each_shared(row, *before, [&](const auto& value, const auto&) {
      if ((differs & 1) != 0) put(value);
      differs >>= 1;
    });
    before = &row;
  }
  return out.take();
}

bool unpack_answers(std::string_view packed, std::vector<RowResult>& rows) {
  if (packed.empty() || (packed.front() != kForm && packed.front() != kIdsAsText)) return false;
  const bool ids_as_text = packed.front() == kIdsAsText;
  packed.remove_prefix(1);
  Ids ids;
  const auto take = [&]<class T>(T& value) {
    if constexpr (std::is_same_v<T, OrderId>)
      return ids_as_text ? take_value(packed, value) : ids.take(packed, value);
    else
      return take_value(packed, value);
  };
  for (bool first = true; !packed.empty(); first = false) {
    const auto step = take_number(packed);
    auto differs = take_number(packed);
    if (!step || !differs) return false;
    // All that it shares with the row before, which is nearly all, by one copy.
    RowResult& row = first ? rows.emplace_back() : rows.emplace_back(rows.back());
    row.row += unzigzag(*step);
    bool sound = true;
    each_shared(row, row, [&](auto& value, const auto&) {
      if ((*differs & 1) != 0) sound = sound && take(value);
      *differs >>= 1;
    });
    if (!sound || *differs != 0) return false;
  }
  return true;
}

bool ShelvesRead::add(std::uint64_t shelf, std::string_view packed) {
  if (shelf != shelf_) settle_shelf();
  shelf_ = shelf;
  const auto before = rows_.size();
  // Of a page that has more than a shelf, so that what is read is not moved again and again.
  if (settled_ > 0 && settled_ < limit_) rows_.reserve(std::min<std::size_t>(limit_, kMostReserved) + kShelfRows);
  if (full() || unpack_answers(packed, rows_)) return true;
  rows_.resize(before);
  return false;
}

/// Of what speaks of one row the last counts.
void ShelvesRead::settle_shelf() {
  const auto shelf = std::span(rows_).subspan(settled_);
  if (std::ranges::adjacent_find(shelf, std::ranges::greater_equal{}, &RowResult::row) != shelf.end()) {
    std::map<std::uint64_t, RowResult> by_row;
    for (auto& row : shelf) by_row.insert_or_assign(row.row, std::move(row));
    rows_.resize(settled_);
    for (auto& [number, row] : by_row) rows_.push_back(std::move(row));
  }
  const auto begin = rows_.begin() + static_cast<std::ptrdiff_t>(settled_);
  rows_.erase(begin, std::ranges::find_if(begin, rows_.end(), [&](const auto& row) { return row.row > after_; }));
  settled_ = rows_.size();
}

std::vector<RowResult> ShelvesRead::take() {
  settle_shelf();
  if (rows_.size() > limit_) rows_.resize(limit_);
  return std::move(rows_);
}

}  // namespace sluice::adapters::packing
