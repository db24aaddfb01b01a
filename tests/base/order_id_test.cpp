#include "sluice/base/order_id.hpp"

#include <gtest/gtest.h>

#include <charconv>
#include <random>
#include <string>
#include <system_error>

namespace sluice {
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

TEST(OrderId, ComesBackAsItCame) {
  for (const std::string text : {"", "0", "007", "17872308245801546", "9223372036854775807", "9223372036854775808",
                                 "+1", "-3", "1 ", "a-long-one-that-is-no-number", "12345678901234567890123"}) {
    const OrderId id(text);
    EXPECT_EQ(id.str(), text);
    EXPECT_EQ(id, text);
    EXPECT_EQ(id.empty(), text.empty());
    EXPECT_NE(id, text + "1");
  }
  for (const std::uint64_t number : {0UL, 1UL, ~0UL >> 1, (~0UL >> 1) + 1, ~0UL})
    EXPECT_EQ(OrderId::of(number), std::to_string(number));
}

}  // namespace
}  // namespace sluice
