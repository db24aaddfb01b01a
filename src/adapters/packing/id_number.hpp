#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "packing/bytes.hpp"
#include "sluice/base/order_id.hpp"

namespace sluice::adapters::packing {

/// From the front of `in`; false: it has fewer.
inline bool take_bytes(std::string_view& in, std::uint64_t size, std::string& out) {
  if (size > in.size()) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

/// An id that is no number: its head, twice the length and one more, tells it from one that is.
inline void put_text_id(Bytes& out, std::string_view id) {
  out.put_numbers(id.size() << 1 | 1);
  out.put_text(id);
}
/// Behind its head.
inline bool take_text_id(std::string_view& in, std::uint64_t head, std::string& id) {
  return take_bytes(in, head >> 1, id);
}

}  // namespace sluice::adapters::packing
