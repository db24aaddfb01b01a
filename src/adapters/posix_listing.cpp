#include "posix_listing.hpp"

#include <dirent.h>

#include <array>
#include <climits>
#include <map>
#include <memory>

#include "posix_error.hpp"
#include "posix_state_names.hpp"

namespace sluice::adapters {
namespace {

struct CloseDir {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::optional<std::string> link_target(const Fd& folder, const std::string& name) {
  std::array<char, PATH_MAX> target{};
  const auto size = ::readlinkat(folder.get(), name.c_str(), target.data(), target.size());
  if (size <= 0) return std::nullopt;
  return std::string(target.data(), static_cast<std::size_t>(size));
}

}  // namespace

Result<std::vector<std::string>> list(const Folders& folders, Folder folder) {
  auto fd = folders.open(folder);
  if (!fd) return std::unexpected(fd.error());
  const std::unique_ptr<DIR, CloseDir> dir(::fdopendir(fd->get()));
  if (!dir) return fail_with(errno, "list", folders.shown(folder));
  fd->release();  // closedir closes it
  std::vector<std::string> names;
  for (;;) {
    errno = 0;
    const auto* entry = ::readdir(dir.get());
    if (entry == nullptr && errno != 0) return fail_with(errno, "list", folders.shown(folder));
    if (entry == nullptr) return names;
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
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
    if (parsed->file == StateFile::name) remains.dropped_name = link_target(*state, name);
    if (const auto kind = output_kind(parsed->file)) remains.temporaries.push_back(*kind);
  }
  std::vector<Remains> all;
  for (auto& [job, remains] : jobs) all.push_back(std::move(remains));
  return all;
}

}  // namespace sluice::adapters
