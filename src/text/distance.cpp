#include "sluice/text/distance.hpp"

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace sluice::text {
namespace {

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

std::vector<std::string_view> characters(std::string_view utf8) {
  std::vector<std::string_view> all;
  while (!utf8.empty()) {
    const auto end = std::ranges::find_if_not(utf8.substr(1), continues);
    all.push_back(utf8.substr(0, 1 + static_cast<std::size_t>(end - utf8.substr(1).begin())));
    utf8.remove_prefix(all.back().size());
  }
  return all;
}

}  // namespace

std::size_t distance(std::string_view a, std::string_view b) {
  const auto from = characters(a);
  const auto to = characters(b);
  std::vector<std::size_t> row(to.size() + 1);  // one row of the usual table is all that is needed
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t changed = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace sluice::text
