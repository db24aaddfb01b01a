#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "sluice/ports/ledger.hpp"

namespace sluice::control {

inline constexpr std::array<std::string_view, 9> kJobStates = {"",     "claiming",  "surveying", "sending", "staged",
                                                               "done", "rejecting", "rejected",  "dropped"};

/// As scripts read it in `status --json` and `show`: never rename.
constexpr std::string_view name(ports::JobState state) {
  return kJobStates[static_cast<std::size_t>(state)];
}
constexpr std::optional<ports::JobState> job_state(std::string_view name) {
  for (std::size_t i = 1; i < kJobStates.size(); ++i) {
    if (kJobStates[i] == name) return ports::JobState(i);
  }
  return std::nullopt;
}

}  // namespace sluice::control
