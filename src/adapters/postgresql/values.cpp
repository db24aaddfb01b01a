#include "postgresql/values.hpp"

#include <charconv>

#include "postgresql/libpq.hpp"

namespace sluice::adapters::postgresql {
namespace {

// pg_type.dat: never renumbered.
constexpr std::uint32_t kBytea = 17;
constexpr std::uint32_t kBigint = 20;
constexpr std::uint32_t kText = 25;
constexpr std::uint32_t kBigints = 1016;

constexpr int kBitsAByte = 8;

// Numbers go in network order, whatever the machine.
void put_big_endian(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = (bytes - 1) * kBitsAByte; shift >= 0; shift -= kBitsAByte) {
    out += static_cast<char>(number >> shift & 0xff);
  }
}

}  // namespace

Arguments& Arguments::put_number(std::int64_t number) {
  std::string bytes;
  put_big_endian(bytes, static_cast<std::uint64_t>(number), 8);
  values_.push_back({kBigint, std::move(bytes)});
  return *this;
}

Arguments& Arguments::put(std::string_view bytes) {
  values_.push_back({kBytea, std::string(bytes)});
  return *this;
}

Arguments& Arguments::put_text(std::string_view text) {
  values_.push_back({kText, std::string(text)});
  return *this;
}

Arguments& Arguments::put_null() {
  values_.push_back({kBigint, std::nullopt});
  return *this;
}

// array_send: dimensions, whether there are NULLs, the elements' type, then of the one dimension its length and where
// it begins.
Arguments& Arguments::put_list(std::span<const std::uint64_t> numbers) {
  std::string bytes;
  put_big_endian(bytes, 1, 4);
  put_big_endian(bytes, 0, 4);
  put_big_endian(bytes, kBigint, 4);
  put_big_endian(bytes, numbers.size(), 4);
  put_big_endian(bytes, 1, 4);
  for (const auto number : numbers) {
    put_big_endian(bytes, sizeof(number), 4);
    put_big_endian(bytes, number, sizeof(number));
  }
  values_.push_back({kBigints, std::move(bytes)});
  return *this;
}

std::size_t Rows::size() const {
  return result_ ? static_cast<std::size_t>(libpq().ntuples(result_.get())) : 0;
}

std::uint64_t Rows::affected() const {
  std::uint64_t count = 0;
  if (!result_) return count;
  const std::string_view tuples = libpq().cmdTuples(const_cast<PGresult*>(result_.get()));
  std::from_chars(tuples.data(), tuples.data() + tuples.size(), count);
  return count;
}

bool Rows::is_null(std::size_t row, int column) const {
  return libpq().getisnull(result_.get(), static_cast<int>(row), column) != 0;
}

std::string_view Rows::bytes(std::size_t row, int column) const {
  return {libpq().getvalue(result_.get(), static_cast<int>(row), column),
          static_cast<std::size_t>(libpq().getlength(result_.get(), static_cast<int>(row), column))};
}

std::int64_t Rows::number(std::size_t row, int column) const {
  const auto value = bytes(row, column);
  std::uint64_t number = 0;
  for (const char byte : value) number = number << kBitsAByte | static_cast<unsigned char>(byte);
  // An integer has four bytes; all others either have eight or are never negative.
  return value.size() == sizeof(std::int32_t) ? static_cast<std::int32_t>(static_cast<std::uint32_t>(number))
                                              : static_cast<std::int64_t>(number);
}

}  // namespace sluice::adapters::postgresql
