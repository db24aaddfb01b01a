#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/cell.hpp"

namespace sluice::adapters::ledger {

/// Where a batch's rows lie, as stored: a form byte (1), then for each row three LEB128 numbers: its number less the
/// row's before, its offset less the end of the row before (zigzag), its length. About four bytes a row.
std::string pack_row_refs(const std::vector<records::RowRef>& rows);

/// nullopt: not such a form, that is, damaged.
std::optional<std::vector<records::RowRef>> unpack_row_refs(std::string_view packed);

}  // namespace sluice::adapters::ledger
