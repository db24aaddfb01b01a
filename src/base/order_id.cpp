#include "sluice/base/order_id.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice {

std::string_view OrderId::text(Room& room) const {
  if (number_ == 0) return text_;
  const fmt::format_int digits(number_);
  return {room.data(), std::copy_n(digits.data(), digits.size(), room.data())};
}

std::string OrderId::str() const {
  Room room{};
  return std::string(text(room));
}

}  // namespace sluice
