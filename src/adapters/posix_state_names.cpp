#include "posix_state_names.hpp"

#include <algorithm>
#include <array>

namespace sluice::adapters {
namespace {

/// In the order of enum StateFile.
constexpr std::array<std::string_view, 10> kSuffixes = {"claimed",      "copy.tmp",     "original",    "name",
                                                        "reason.tmp",   "progress.tmp", "results.tmp", "failures.tmp",
                                                        "in-doubt.tmp", "summary.tmp"};

constexpr auto kFirstOutput = static_cast<std::size_t>(StateFile::results);

}  // namespace

std::string state_name(JobId job, StateFile file) {
  return to_string(job) + "." + std::string(kSuffixes[static_cast<std::size_t>(file)]);
}

std::string state_name(JobId job, ports::OutputKind kind) {
  return state_name(job, static_cast<StateFile>(kFirstOutput + static_cast<std::size_t>(kind)));
}

std::optional<StateName> parse_state_name(std::string_view name) {
  const auto dot = name.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto job = parse_job_id(name.substr(0, dot));
  const auto suffix = std::ranges::find(kSuffixes, name.substr(dot + 1));
  if (!job || suffix == kSuffixes.end()) return std::nullopt;
  return StateName{*job, static_cast<StateFile>(suffix - kSuffixes.begin())};
}

std::optional<ports::OutputKind> output_kind(StateFile file) {
  const auto index = static_cast<std::size_t>(file);
  if (index < kFirstOutput) return std::nullopt;
  return static_cast<ports::OutputKind>(index - kFirstOutput);
}

}  // namespace sluice::adapters
