#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace sluice::records {

/// Three characters that mean something in a text of which nearly all others mean nothing: looked for in sixteen bytes
/// at once.
class Stops {
 public:
  static constexpr std::size_t kAtOnce = 16;

  Stops(char a, char b, char c) : a_(Bytes(a)), b_(Bytes(b)), c_(Bytes(c)) {}

  /// Bit n: text[pos + n] is one of them. `pos` lies in the text; none is found behind its end.
  std::uint32_t among(std::string_view text, std::size_t pos) const {
    if (text.size() - pos >= kAtOnce) return of(text.data() + pos);
    char rest[kAtOnce] = {};
    std::memcpy(rest, text.data() + pos, text.size() - pos);
    return of(rest) & ~(~0U << (text.size() - pos));
  }

 private:
  using Bytes = char __attribute__((ext_vector_type(kAtOnce)));
  using Flags = bool __attribute__((ext_vector_type(kAtOnce)));

  std::uint32_t of(const char* at) const {
    Bytes bytes;
    std::memcpy(&bytes, at, kAtOnce);
    const auto hits = (bytes == a_) | (bytes == b_) | (bytes == c_);
    return std::bit_cast<std::uint16_t>(__builtin_convertvector(hits, Flags));
  }

  Bytes a_;
  Bytes b_;
  Bytes c_;
};

}  // namespace sluice::records
