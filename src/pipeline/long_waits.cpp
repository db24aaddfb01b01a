#include "long_waits.hpp"

namespace sluice::pipeline {

std::vector<std::string> LongWaits::look(const std::map<std::string, std::string>& waiting, Boottime now) {
  std::erase_if(waits_, [&](const auto& entry) { return !waiting.contains(entry.first); });
  std::vector<std::string> due;
  for (const auto& [name, why] : waiting) {
    auto& wait = waits_[name];
    if (wait.why != why) wait = {.why = why, .report_at = now + patience_};
    if (!wait.report_at || now < *wait.report_at) continue;
    wait.report_at.reset();
    due.push_back(name);
  }
  return due;
}

}  // namespace sluice::pipeline
