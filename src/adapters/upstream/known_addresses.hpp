#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "upstream/race.hpp"

namespace sluice::adapters::upstream {

/// What connecting has taught of a host's addresses. Pure.
class KnownAddresses {
 public:
  /// In the order to try them: the one that worked last, then IPv6 and IPv4 in turn, beginning with the family that the
  /// resolver put first (RFC 8305, 4).
  std::vector<Endpoint> in_order(std::vector<Endpoint> found) const;

  /// What a race came to. Words on each address that was passed over and was not the last time anybody asked: an
  /// address that stays dead is said once.
  std::vector<std::string> learn(const Endpoint& winner, const std::vector<Race::Passed>& passed);

 private:
  std::optional<Endpoint> worked_;
  std::set<Endpoint> dead_;
};

}  // namespace sluice::adapters::upstream
