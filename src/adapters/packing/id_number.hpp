#pragma once

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "sluice/base/leb128.hpp"

namespace sluice::adapters::packing {

/// The number that an id is, if it can be written in no other way; below 2^63, so that one bit more finds room.
inline std::optional<std::uint64_t> id_number(std::string_view id) {
  if (id.empty() || id.front() < '1' || id.front() > '9') return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
  const bool whole = error == std::errc{} && end == id.data() + id.size();
  return whole && number >> 63 == 0 ? std::optional(number) : std::nullopt;
}

/// From the front of `in`; false: it has fewer.
inline bool take_bytes(std::string_view& in, std::uint64_t size, std::string& out) {
  if (size > in.size()) return false;
  out = in.substr(0, size);
  in.remove_prefix(size);
  return true;
}

/// An id that is no number: its head, twice the length and one more, tells it from one that is.
inline void put_text_id(std::string& out, const std::string& id) {
  put_number(out, id.size() << 1 | 1);
  out += id;
}
/// Behind its head.
inline bool take_text_id(std::string_view& in, std::uint64_t head, std::string& id) {
  return take_bytes(in, head >> 1, id);
}

}  // namespace sluice::adapters::packing
