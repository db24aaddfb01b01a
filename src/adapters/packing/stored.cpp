#include "packing/stored.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "packing/bytes.hpp"
#include "sluice/base/leb128.hpp"

namespace sluice::adapters::packing {

namespace {

constexpr std::size_t kHashBytes = 8;
constexpr std::size_t kExpectedRef = 5;  // in bytes
constexpr std::size_t kNumbersOfRef = 3;

constexpr char kForm = 1;

[[maybe_unused]] std::vector<std::uint64_t> byteswapped(std::vector<std::uint64_t> numbers) {
  for (auto& number : numbers) number = std::byteswap(number);
  return numbers;
}

}  // namespace

std::string pack_hashes(const std::vector<std::uint64_t>& hashes) {
  std::vector<std::uint64_t> swapped;
  const auto* stored = &hashes;
  if constexpr (std::endian::native == std::endian::big) stored = &(swapped = byteswapped(hashes));
  return {reinterpret_cast<const char*>(stored->data()), stored->size() * kHashBytes};
}

std::optional<std::vector<std::uint64_t>> unpack_hashes(std::string_view packed) {
  if (packed.size() % kHashBytes != 0) return std::nullopt;
  std::vector<std::uint64_t> hashes(packed.size() / kHashBytes, 0);
  if (!packed.empty()) std::memcpy(hashes.data(), packed.data(), packed.size());
  if constexpr (std::endian::native == std::endian::big) return byteswapped(std::move(hashes));
  return hashes;
}

std::string pack_row_refs(const std::vector<records::RowRef>& rows) {
  Bytes out(1 + rows.size() * kExpectedRef + kLongestNumber);
  out.put_bytes(kForm);
  std::uint64_t row = 0;
  std::uint64_t end = 0;
  for (const auto& ref : rows) {
    out.put_numbers(ref.row - row, zigzag(ref.offset - end), std::uint64_t{ref.length});
    row = ref.row;
    end = ref.offset + ref.length;
  }
  return out.take();
}

std::optional<std::vector<records::RowRef>> unpack_row_refs(std::string_view packed) {
  // The form comes first, so that a later version can store refs otherwise and still read these.
  if (packed.empty() || packed.front() != kForm) return std::nullopt;
  packed.remove_prefix(1);
  std::vector<records::RowRef> rows;
  // Exactly as many as there are: a job's batches wait in memory.
  const auto numbers = std::ranges::count_if(packed, [](char byte) { return (byte & 0x80) == 0; });
  rows.reserve(static_cast<std::size_t>(numbers) / kNumbersOfRef);
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
