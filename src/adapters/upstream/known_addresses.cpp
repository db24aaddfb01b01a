#include "upstream/known_addresses.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace sluice::adapters::upstream {

namespace {

std::string in_words(const Endpoint& endpoint) {
  return endpoint.address().to_string();
}

}  // namespace

std::vector<Endpoint> KnownAddresses::in_order(std::vector<Endpoint> found) const {
  std::vector<Endpoint> order;
  if (const auto worked = worked_ ? std::ranges::find(found, *worked_) : found.end(); worked != found.end()) {
    order.push_back(*worked);
    found.erase(worked);
  }
  const bool first_is_v6 = !found.empty() && found.front().address().is_v6();
  std::array<std::vector<Endpoint>, 2> families;  // the first one's, the other
  for (const auto& endpoint : found) families[endpoint.address().is_v6() == first_is_v6 ? 0 : 1].push_back(endpoint);
  for (std::size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i) {
    for (const auto& family : families) {
      if (i < family.size()) order.push_back(family[i]);
    }
  }
  return order;
}

std::vector<std::string> KnownAddresses::learn(const Endpoint& winner, const std::vector<Race::Passed>& passed) {
  worked_ = winner;
  dead_.erase(winner);
  std::vector<std::string> words;
  for (const auto& [endpoint, error] : passed) {
    if (!dead_.insert(endpoint).second) continue;
    words.push_back(fmt::format("its address {} does not answer ({}): going on with {}", in_words(endpoint),
                                error ? error.message() : "it is silent", in_words(winner)));
  }
  return words;
}

}  // namespace sluice::adapters::upstream
