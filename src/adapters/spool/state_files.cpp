#include "spool/state_files.hpp"

#include <algorithm>
#include <array>
#include <climits>
#include <map>

namespace sluice::adapters::spool {
namespace {

/// In the order of enum StateFile.
constexpr std::array<std::string_view, 10> kSuffixes = {"claimed",      "copy.tmp",     "original",    "name",
                                                        "reason.tmp",   "progress.tmp", "results.tmp", "failures.tmp",
                                                        "in-doubt.tmp", "summary.tmp"};

constexpr auto kFirstOutput = static_cast<std::size_t>(StateFile::results);

std::optional<std::string> link_target(const posix::Fd& folder, const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const auto size = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
  if (size <= 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(size));
}

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

Result<std::vector<Remains>> list_remains(const Folders& folders) {
  const auto names = list(folders, Folder::state);
  if (!names) return std::unexpected(names.error());
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  std::map<JobId, Remains> jobs;
  for (const auto& name : *names) {
    const auto parsed = parse_state_name(name);
    if (!parsed) continue;
    auto& remains = jobs.try_emplace(parsed->job, Remains{.job = parsed->job}).first->second;
    if (parsed->file == StateFile::claimed) remains.claimed = true;
    if (parsed->file == StateFile::name) remains.dropped_name = link_target(**state, name);
    if (const auto kind = output_kind(parsed->file)) remains.temporaries.push_back(*kind);
  }
  std::vector<Remains> all;
  for (auto& [job, remains] : jobs) all.push_back(std::move(remains));
  return all;
}

}  // namespace sluice::adapters::spool
