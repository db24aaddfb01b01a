#include "sqlite_values.hpp"

#include <string_view>

#include "sqlite_row_refs.hpp"

namespace sluice::adapters {

Binder& Binder::put(const std::vector<records::RowRef>& rows) {
  const std::string packed = pack_row_refs(rows);
  statement_.bind(++at_, packed.data(), static_cast<int>(packed.size()));
  return *this;
}

void Taker::take(std::vector<records::RowRef>& rows) {
  const SQLite::Column column = statement_.getColumn(at_++);
  const std::string_view packed(static_cast<const char*>(column.getBlob()),
                                static_cast<std::size_t>(column.getBytes()));
  auto unpacked = unpack_row_refs(packed);
  sound_ = sound_ && unpacked.has_value();
  rows = std::move(unpacked).value_or(std::vector<records::RowRef>{});
}

}  // namespace sluice::adapters
