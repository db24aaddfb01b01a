#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "short_text.hpp"

namespace sluice::orders {

/// Letters, digits and `_`, told of sixteen bytes at once.
class UsualText {
  static constexpr std::size_t kAtOnce = 16;
  using Bytes = unsigned char __attribute__((ext_vector_type(kAtOnce)));
  using Flags = bool __attribute__((ext_vector_type(kAtOnce)));

  static auto usual(Bytes bytes) {
    const Bytes letters = (bytes | 0x20) - 'a';
    const Bytes digits = bytes - '0';
    return (letters < 26) | (digits < 10) | (bytes == '_');
  }
  template <class Usual>
  static bool all_of(std::string_view text, Usual usual) {
    const auto sixteen = [&](const char* at) {
      Bytes bytes;
      std::memcpy(&bytes, at, kAtOnce);
      return std::bit_cast<std::uint16_t>(__builtin_convertvector(usual(bytes), Flags)) == 0xFFFF;
    };
    if (text.size() < kAtOnce) {
      char padded[kAtOnce];
      std::memset(padded, '_', kAtOnce);
      put_short(text, padded);
      return sixteen(padded);
    }
    for (std::size_t at = 0; at + kAtOnce < text.size(); at += kAtOnce)
      if (!sixteen(text.data() + at)) return false;
    return sixteen(text.data() + text.size() - kAtOnce);
  }

 public:
  static bool is_ascii(std::string_view text) { return all_of(text, usual); }
  /// Or with what is not ASCII among them.
  static bool is(std::string_view text) {
    return all_of(text, [](Bytes bytes) { return usual(bytes) | (bytes >= 0x80); });
  }
};

}  // namespace sluice::orders
