#include "sluice/ports/ledger.hpp"

#include <array>

namespace sluice::ports {

std::string note_key(Note note) {
  constexpr std::array kNames = {"paused", "tried", "recovering"};
  return kNames[static_cast<std::size_t>(note)];
}

std::string note_key(JobNote note, JobId job) {
  constexpr std::array kNames = {"resolved ", "decided "};
  return kNames[static_cast<std::size_t>(note)] + to_string(job);
}

}  // namespace sluice::ports
