#include "sluice/ports/ledger.hpp"

#include <array>
#include <string_view>

namespace sluice::ports {

NoteKey::NoteKey(Note note) {
  constexpr std::array kNames = {"paused", "tried", "recovering"};
  stored_ = kNames[static_cast<std::size_t>(note)];
}

NoteKey::NoteKey(JobNote note, JobId job) {
  constexpr std::array<std::string_view, 3> kNames = {"resolved ", "decided ", "looked_up "};
  stored_ = kNames[static_cast<std::size_t>(note)];
  stored_ += to_string(job);
}

}  // namespace sluice::ports
