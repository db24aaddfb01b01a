#pragma once

#include <span>
#include <string_view>

#include "field.hpp"

namespace sluice::config {

struct Key {
  std::string_view name;  ///< dotted
  Field field;
  std::string_view words;  ///< meaning, when to change it, what it costs
  bool required = false;
  bool restart = false;  ///< false: taken over on reload
  bool silent = false;   ///< its value may hold a secret that somebody misplaced: never repeated in an error
};

/// Every key there is. Loading, `sluice config`, what needs a restart and the reference page all come from here; the
/// defaults are those of Settings.
std::span<const Key> keys();

/// The known key or group that somebody who wrote `dotted` most likely meant: by spelling, or the same name in another
/// group.
std::string_view nearest_key(std::string_view dotted);

}  // namespace sluice::config
