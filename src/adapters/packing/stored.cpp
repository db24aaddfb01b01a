#include "packing/stored.hpp"

#include <bit>
#include <cstdint>
#include <limits>
#include <string_view>

#include "sluice/base/leb128.hpp"

namespace sluice::adapters::packing {

namespace {

constexpr std::size_t kHashBytes = 8;

constexpr char kForm = 1;

}  // namespace

std::string pack_hashes(const std::vector<std::uint64_t>& hashes) {
  std::string packed;
  packed.reserve(hashes.size() * kHashBytes);
  for (auto hash : hashes) {
    if constexpr (std::endian::native == std::endian::big) hash = std::byteswap(hash);
    packed.append(reinterpret_cast<const char*>(&hash), kHashBytes);
  }
  return packed;
}

std::optional<std::vector<std::uint64_t>> unpack_hashes(std::string_view packed) {
  if (packed.size() % kHashBytes != 0) return std::nullopt;
  std::vector<std::uint64_t> hashes(packed.size() / kHashBytes, 0);
  for (std::size_t i = 0; i < packed.size(); ++i) {
    hashes[i / kHashBytes] |= std::uint64_t{static_cast<unsigned char>(packed[i])} << (8 * (i % kHashBytes));
  }
  return hashes;
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

}  // namespace sluice::adapters::packing
