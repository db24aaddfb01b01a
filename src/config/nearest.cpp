#include "nearest.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

#include "keys.hpp"

namespace sluice::config {
namespace {

/// Levenshtein's distance, with one row of memory.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

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
