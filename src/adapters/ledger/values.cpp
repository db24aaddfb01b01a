#include "ledger/values.hpp"

#include <string_view>

namespace sluice::adapters::ledger {

Binder& Binder::put(const Blob& blob) {
  statement_.bindNoCopy(++at_, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
  return *this;
}

Binder& Binder::put(const std::vector<records::RowRef>& rows) {
  return put_packed(packing::pack_row_refs(rows));
}

Binder& Binder::put(const std::vector<std::uint64_t>& hashes) {
  return put_packed(packing::pack_hashes(hashes));
}

Binder& Binder::put_packed(const std::string& bytes) {
  statement_.bind(++at_, bytes.data(), static_cast<int>(bytes.size()));
  return *this;
}

std::string_view Taker::take_blob() {
  const SQLite::Column column = statement_.getColumn(at_++);
  return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

void Taker::take(std::vector<records::RowRef>& rows) {
  auto unpacked = packing::unpack_row_refs(take_blob());
  sound_ = sound_ && unpacked.has_value();
  rows = std::move(unpacked).value_or(std::vector<records::RowRef>{});
}

void Taker::take(std::vector<std::uint64_t>& hashes) {
  auto unpacked = packing::unpack_hashes(take_blob());
  sound_ = sound_ && unpacked.has_value();
  hashes = std::move(unpacked).value_or(std::vector<std::uint64_t>{});
}

}  // namespace sluice::adapters::ledger
