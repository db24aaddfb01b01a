#pragma once

#include <cstdint>
#include <string_view>

namespace sluice {

struct SipKey {
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  friend bool operator==(const SipKey&, const SipKey&) = default;
};

/// The first sixteen bytes, little-endian: the same key on every machine. At least sixteen.
SipKey sip_key(std::string_view bytes);

/// SipHash-2-4 with 64 bits: who doesn't know the key can neither make two inputs meet
/// nor tell what an input gives. For what strangers write; stable_hash.hpp is for what nobody has a reason to forge.
std::uint64_t siphash(std::string_view bytes, const SipKey& key);

}  // namespace sluice
