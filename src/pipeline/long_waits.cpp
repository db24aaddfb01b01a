#include "long_waits.hpp"

namespace sluice::pipeline {

std::vector<std::string> LongWaits::look(const std::map<std::string, std::string>& waiting, Boottime now) {
  std::erase_if(waits_, [&](const auto& entry) { return !waiting.contains(entry.first); });
  std::vector<std::string> due;
  for (const auto& [name, why] : waiting) {
    auto& wait = waits_[name];
    if (wait.why != why) wait = {.why = why, .since = now};
    if (wait.reported || now - wait.since < patience_) continue;
    wait.reported = true;
    due.push_back(name);
  }
  return due;
}

}  // namespace sluice::pipeline
