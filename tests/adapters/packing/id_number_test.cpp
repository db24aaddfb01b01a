#include "adapters/packing/id_number.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <random>
#include <string>
#include <system_error>

namespace sluice::adapters::packing {
namespace {

/// The same, as the standard library reads it.
std::optional<std::uint64_t> as_read_plainly(std::string_view id) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool whole = error == std::errc{} && end == id.data() + id.size();
  const bool in_one_way = whole && std::to_string(number) == id && number != 0;
  return in_one_way && number >> 63 == 0 ? std::optional(number) : std::nullopt;
}

TEST(IdNumber, IsWhatTheDigitsSayOfAnyLength) {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string id(random() % 22, '0');
    for (char& c : id) c = static_cast<char>('0' + random() % 10);
    EXPECT_EQ(id_number(id), as_read_plainly(id)) << id;
  }
  for (const auto* id : {"9223372036854775807", "9223372036854775808", "9999999999999999999", "18446744073709551615"})
    EXPECT_EQ(id_number(id), as_read_plainly(id)) << id;
}

TEST(IdNumber, IsNoneWithAnythingElseAnywhere) {
  const std::string digits = "1234567890123456789";
  for (std::size_t length = 1; length <= digits.size(); ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      for (int byte = 0; byte < 256; ++byte) {
        auto id = digits.substr(0, length);
        id[at] = static_cast<char>(byte);
        EXPECT_EQ(id_number(id), as_read_plainly(id)) << at << " of " << length << ": " << byte;
      }
    }
  }
}

}  // namespace
}  // namespace sluice::adapters::packing
