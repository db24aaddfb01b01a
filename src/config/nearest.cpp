#include "nearest.hpp"

#include <algorithm>

#include "keys.hpp"
#include "sluice/text/distance.hpp"

namespace sluice::config {
namespace {

using text::distance;

std::string_view leaf(std::string_view dotted) {
  return dotted.substr(dotted.rfind('.') + 1);
}

std::string_view group(std::string_view dotted) {
  return dotted.substr(0, std::min(dotted.find('.'), dotted.size()));
}

}  // namespace

std::string_view nearest_key(std::string_view dotted) {
  dotted = dotted.substr(0, 80);
  std::string_view nearest;
  std::size_t least = std::string_view::npos;
  const auto consider = [&](std::string_view name, std::size_t far) {
    if (far < least) nearest = name;
    least = std::min(least, far);
  };
  for (const Key& key : keys()) {
    consider(group(key.name), distance(dotted, group(key.name)));
    consider(key.name, std::min(distance(dotted, key.name), 1 + distance(leaf(dotted), leaf(key.name))));
  }
  return nearest;
}

}  // namespace sluice::config
