#include "ledger/row_refs.hpp"

#include <cstdint>
#include <limits>

namespace sluice::adapters::ledger {
namespace {

constexpr char kForm = 1;

void put(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out.push_back(static_cast<char>(value | 0x80));
    value >>= 7;
  }
  out.push_back(static_cast<char>(value));
}

std::optional<std::uint64_t> take(std::string_view& in) {
  std::uint64_t value = 0;
  for (unsigned shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

// Differences are taken modulo 2^64, so that any order and any offset survives.
std::uint64_t zigzag(std::uint64_t difference) {
  return (difference << 1) ^ (difference >> 63 != 0 ? ~std::uint64_t{0} : 0);
}

std::uint64_t unzigzag(std::uint64_t value) {
  return (value >> 1) ^ ((value & 1) != 0 ? ~std::uint64_t{0} : 0);
}

}  // namespace

std::string pack_row_refs(const std::vector<records::RowRef>& rows) {
  std::string out(1, kForm);
  out.reserve(1 + rows.size() * 5);
  std::uint64_t row = 0;
  std::uint64_t end = 0;
  for (const auto& ref : rows) {
    put(out, ref.row - row);
    put(out, zigzag(ref.offset - end));
    put(out, ref.length);
    row = ref.row;
    end = ref.offset + ref.length;
  }
  return out;
}

std::optional<std::vector<records::RowRef>> unpack_row_refs(std::string_view packed) {
  if (packed.empty() || packed.front() != kForm) return std::nullopt;
  packed.remove_prefix(1);
  std::vector<records::RowRef> rows;
  std::uint64_t row = 0;
  std::uint64_t end = 0;
  while (!packed.empty()) {
    const auto row_step = take(packed);
    const auto offset_step = take(packed);
    const auto length = take(packed);
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
