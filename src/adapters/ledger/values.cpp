#include "ledger/values.hpp"

#include <string_view>

#include "ledger/row_refs.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::size_t kHashBytes = 8;  // little-endian, whatever the machine

}  // namespace

Binder& Binder::put(const std::vector<records::RowRef>& rows) {
  const std::string packed = pack_row_refs(rows);
  statement_.bind(++at_, packed.data(), static_cast<int>(packed.size()));
  return *this;
}

Binder& Binder::put(const std::vector<std::uint64_t>& hashes) {
  std::string packed;
  for (const auto hash : hashes) {
    for (std::size_t i = 0; i < kHashBytes; ++i) packed += static_cast<char>(hash >> (8 * i));
  }
  statement_.bind(++at_, packed.data(), static_cast<int>(packed.size()));
  return *this;
}

std::string_view Taker::take_blob() {
  const SQLite::Column column = statement_.getColumn(at_++);
  return {static_cast<const char*>(column.getBlob()), static_cast<std::size_t>(column.getBytes())};
}

void Taker::take(std::vector<records::RowRef>& rows) {
  auto unpacked = unpack_row_refs(take_blob());
  sound_ = sound_ && unpacked.has_value();
  rows = std::move(unpacked).value_or(std::vector<records::RowRef>{});
}

void Taker::take(std::vector<std::uint64_t>& hashes) {
  const auto packed = take_blob();
  sound_ = sound_ && packed.size() % kHashBytes == 0;
  hashes.assign(packed.size() / kHashBytes, 0);
  for (std::size_t i = 0; i < hashes.size() * kHashBytes; ++i) {
    hashes[i / kHashBytes] |= std::uint64_t{static_cast<unsigned char>(packed[i])} << (8 * (i % kHashBytes));
  }
}

}  // namespace sluice::adapters::ledger
