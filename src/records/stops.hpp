#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::records {

/// Characters that mean something in a text of which nearly all others mean nothing, looked for in 64 bytes at once:
/// what parts it, and either of two that end it.
class Stops {
 public:
  static constexpr std::size_t kAtOnce = 64;

  /// Bit n: of text[pos + n].
  struct Found {
    std::uint64_t parts;
    std::uint64_t ends;
  };

  Stops(char part, char end, char other_end) : part_(Bytes(part)), end_(Bytes(end)), other_end_(Bytes(other_end)) {}

  /// `pos` lies in the text; none is found behind its end.
  Found among(std::string_view text, std::size_t pos) const {
    if (text.size() - pos >= kAtOnce) return of(text.data() + pos);
    char rest[kAtOnce] = {};
    std::memcpy(rest, text.data() + pos, text.size() - pos);
    const auto there = ~(~std::uint64_t{0} << (text.size() - pos));
    const auto found = of(rest);
    return {.parts = found.parts & there, .ends = found.ends & there};
  }

 private:
  using Bytes = char __attribute__((ext_vector_type(kAtOnce)));
  using Flags = bool __attribute__((ext_vector_type(kAtOnce)));

  Found of(const char* at) const {
    Bytes bytes;
    std::memcpy(&bytes, at, kAtOnce);
    const auto parts = bytes == part_;
    const auto ends = (bytes == end_) | (bytes == other_end_);
    return {.parts = std::bit_cast<std::uint64_t>(__builtin_convertvector(parts, Flags)),
            .ends = std::bit_cast<std::uint64_t>(__builtin_convertvector(ends, Flags))};
  }

  Bytes part_;
  Bytes end_;
  Bytes other_end_;
};

}  // namespace sluice::records
