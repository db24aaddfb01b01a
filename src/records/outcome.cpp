#include "sluice/records/outcome.hpp"

namespace sluice::records {

std::string_view name(Outcome outcome) {
  static constexpr std::array<std::string_view, kOutcomes> kNames = {
      "", "accepted", "accepted_earlier", "refused", "invalid", "failed", "not_sent", "duplicate", "in_doubt"};
  return kNames[static_cast<std::size_t>(outcome)];
}

bool belongs_in_failures(Outcome outcome) {
  return outcome == Outcome::refused || outcome == Outcome::invalid || outcome == Outcome::failed ||
         outcome == Outcome::not_sent;
}

}  // namespace sluice::records
