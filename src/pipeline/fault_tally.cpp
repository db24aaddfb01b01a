#include "sluice/pipeline/fault_tally.hpp"

#include <algorithm>
#include <functional>

namespace sluice::pipeline {

void FaultTally::add(const records::RowResult& result, std::uint64_t line) {
  using enum records::Outcome;
  if (result.outcome == accepted || result.outcome == accepted_earlier) return;
  const std::pair key(result.outcome, std::string(result.message));
  auto found = faults_.find(key);
  if (found == faults_.end()) {
    if (faults_.size() >= kMost) {
      ++unlisted_;
      return;
    }
    found = faults_.emplace(key, Fault{.outcome = result.outcome, .message = key.second}).first;
  }
  auto& fault = found->second;
  ++fault.count;
  if (fault.rows.size() >= kShownRows) return;
  fault.rows.push_back(result.row);
  if (line > 0) fault.lines.push_back(line);
}

std::vector<FaultTally::Fault> FaultTally::most() const {
  std::vector<Fault> faults;
  for (const auto& [key, fault] : faults_) faults.push_back(fault);
  std::ranges::stable_sort(faults, std::greater{}, &Fault::count);
  return faults;
}

}  // namespace sluice::pipeline
