#pragma once

#include <cstdint>
#include <string_view>

#include "sluice/base/stable_hash.hpp"

namespace sluice::pipeline {

/// Only to recognise the body that was sent before, which nobody forges. 0 stands for none.
inline std::uint64_t body_hash(std::string_view body) {
  const std::uint64_t hash = fnv_words(body);
  return hash == 0 ? 1 : hash;
}

/// Or as an earlier version hashed it.
inline bool is_hash_of(std::uint64_t hash, std::string_view body) {
  return hash == body_hash(body) || hash == fnv(body);
}

}  // namespace sluice::pipeline
