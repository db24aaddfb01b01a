#include "ledger/values.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sluice/base/leb128.hpp"

namespace sluice::adapters::ledger {

namespace {

constexpr std::size_t kHashBytes = 8;  // little-endian, whatever the machine

constexpr char kForm = 1;

}  // namespace

Binder& Binder::put(const Blob& blob) {
  statement_.bind(++at_, blob.bytes.data(), static_cast<int>(blob.bytes.size()));
  return *this;
}

Binder& Binder::put(const std::vector<records::RowRef>& rows) {
  return put(Blob{pack_row_refs(rows)});
}

Binder& Binder::put(const std::vector<std::uint64_t>& hashes) {
  Blob packed;
  packed.bytes.reserve(hashes.size() * kHashBytes);
  for (auto hash : hashes) {
    if constexpr (std::endian::native == std::endian::big) hash = std::byteswap(hash);
    packed.bytes.append(reinterpret_cast<const char*>(&hash), kHashBytes);
  }
  return put(packed);
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

std::string pack_row_refs(const std::vector<records::RowRef>& rows) {
  std::string out(1, kForm);
  out.reserve(1 + rows.size() * 5);
  std::uint64_t row = 0;
  std::uint64_t end = 0;
  for (const auto& ref : rows) {
    put_number(out, ref.row - row);
    put_number(out, zigzag(ref.offset - end));
    put_number(out, ref.length);
    row = ref.row;
    end = ref.offset + ref.length;
  }
  return out;
}

std::optional<std::vector<records::RowRef>> unpack_row_refs(std::string_view packed) {
  // The form comes first, so that a later version can store refs otherwise and still read these.
  if (packed.empty() || packed.front() != kForm) return std::nullopt;
  packed.remove_prefix(1);
  std::vector<records::RowRef> rows;
  std::uint64_t row = 0;
  std::uint64_t end = 0;
  while (!packed.empty()) {
    const auto row_step = take_number(packed);
    const auto offset_step = take_number(packed);
    const auto length = take_number(packed);
    // Cut off or out of bounds: damage, which is said, and never a shorter batch, which would lose rows in silence.
    if (!row_step || !offset_step || !length || *length > std::numeric_limits<std::uint32_t>::max()) {
      return std::nullopt;
    }
    row += *row_step;
    const std::uint64_t offset = end + unzigzag(*offset_step);
    rows.push_back({.row = row, .offset = offset, .length = static_cast<std::uint32_t>(*length)});
    end = offset + *length;
  }
  return rows;
}

}  // namespace sluice::adapters::ledger
