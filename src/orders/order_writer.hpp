#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "short_text.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

/// What stands before a field's value in an element, its opening quote included.
struct Opening {
  static constexpr std::size_t kMost = 24;

  std::array<char, kMost> text{};
  std::uint32_t size = 0;
  std::uint32_t closing = 0;  ///< quotes behind it
};
using Openings = std::array<Opening, kMaxFields>;
const Openings& openings_of(const Service& table);

/// Writes an order as it stands in the body, value by value in the service's order of fields.
class OrderWriter {
 public:
  /// `bytes`: of all that is put, at most. `order` is one only after finish().
  OrderWriter(OrderTexts& texts, std::size_t bytes, Order& order)
      : texts_(texts), order_(order), begin_(texts.room(bytes + kRest)), at_(begin_) {}

  /// A value as JSON writes it.
  void put(std::size_t field, const Opening& opening, std::string_view written) {
    open(field, opening, written.size());
    close(opening, put_short(written, at_));
  }
  /// The same of one that stands in a piece of memory of this size.
  template <std::size_t kRoom>
  void put(std::size_t field, const Opening& opening, const std::array<char, kRoom>& written, std::size_t size) {
    open(field, opening, size);
    std::memcpy(at_, written.data(), kRoom);
    close(opening, at_ + size);
  }
  /// After the last of them.
  void end_element() {
    *begin_ = '{';
    *at_++ = '}';
    order_.element_bytes_ = place();
  }
  /// Behind the element, where JSON writes it otherwise: the value as it is meant.
  void put_meant(std::size_t field, std::string_view value) {
    order_.spans_[field] = {.begin = place(), .size = static_cast<std::uint32_t>(value.size())};
    at_ = put_short(value, at_);
  }
  void finish(ServiceId service) {
    order_.service_ = service;
    order_.text_ = begin_;
    order_.texts_ = texts_.took(at_);
  }

 private:
  static constexpr std::size_t kRest = 2 + (kMaxFields + 1) * (Opening::kMost + 1);

  std::uint32_t place() const { return static_cast<std::uint32_t>(at_ - begin_); }
  /// All of the opening, since a size that is known costs nothing.
  void open(std::size_t field, const Opening& opening, std::size_t size) {
    std::memcpy(at_, opening.text.data(), Opening::kMost);
    at_ += opening.size;
    order_.spans_[field] = {.begin = place(), .size = static_cast<std::uint32_t>(size)};
  }
  void close(const Opening& opening, char* end) {
    *end = '"';
    at_ = end + opening.closing;
  }

  OrderTexts& texts_;
  Order& order_;
  char* begin_;
  char* at_;
};

}  // namespace sluice::orders
