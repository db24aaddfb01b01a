#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "packing/fields.hpp"
#include "sluice/ports/history.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::packing {

// What is remembered of orders beside their answers, as stored. Readable for as long as it is kept: change the form's
// number, not the form.

/// A form byte (1), then the ids of each order: how many, and each as digits in binary where it is a number that
/// survives that, else as text. Some 16 bytes an order.
std::string pack_ids(std::span<const ports::OrderIds> orders);

/// Adds them. False: it is damaged.
bool unpack_ids(std::string_view packed, std::vector<ports::OrderIds>& orders);

/// By what `find` knows the pieces that may bear an id, without unpacking any other: two bytes of a hash for each id of
/// each order, and for the order id that the API gave it. A piece that bears it has its print; of those that don't, one
/// in some hundreds has.
std::string pack_prints(std::span<const records::RowResult> rows, std::span<const ports::OrderIds> orders);
bool may_bear(std::string_view prints, std::string_view id);

/// A piece of the history as it was settled, but for the marks, which it doesn't have. Nothing: it is damaged.
std::optional<ports::Remember> remembered(const HistoryPiece& piece);

/// Adds what the query asks for of a piece. False: it is damaged.
bool add_remembered(const HistoryPiece& piece, const ports::HistoryQuery& query,
                    std::vector<ports::RememberedOrder>& orders);

/// The marks of those that were accepted; without rows, all of them were.
std::vector<std::uint64_t> placed_marks(std::span<const records::RowResult> rows,
                                        std::span<const ports::OrderIds> orders);

}  // namespace sluice::adapters::packing
