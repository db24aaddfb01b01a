#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sluice/base/check.hpp"
#include "sluice/base/stable_hash.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::orders {

/// What people write, looked up by its match key. What is written just like an alias is found without computing the
/// key: most rows of a file are.
template <class Meaning>
class AliasIndex {
 public:
  void add(std::string_view alias, Meaning meaning) {
    put(std::string(alias), meaning);
    put(text::match_key(alias), meaning);
  }

  const Meaning* find(std::string_view written) const {
    if (const auto* as_written = find_key(written)) return as_written;
    return find_key(text::match_key(written));
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const { return fnv(key); }
  };

  void put(std::string key, Meaning meaning) {
    const auto [there, fresh] = map_.try_emplace(std::move(key), meaning);
    SLUICE_CHECK(fresh || there->second == meaning, "one alias with two meanings in a table");
  }
  const Meaning* find_key(std::string_view key) const {
    const auto found = map_.find(key);
    return found == map_.end() ? nullptr : &found->second;
  }

  std::unordered_map<std::string, Meaning, Hash, std::equal_to<>> map_;
};

}  // namespace sluice::orders
