#include "spool/removal.hpp"

#include <unistd.h>

#include <cerrno>
#include <vector>

#include "posix/error.hpp"
#include "sluice/ports/file_names.hpp"

namespace sluice::adapters::spool {
namespace {

std::vector<std::string> names_of(JobId job, const std::string& dropped, ports::Kept kept) {
  using enum ports::OutputKind;
  if (kept == ports::Kept::archive) return {ports::archived_name(dropped, job)};
  if (kept == ports::Kept::rejected) return {ports::archived_name(dropped, job), ports::reason_name(dropped, job)};
  // The summary first: where it is, all is there.
  std::vector<std::string> names;
  for (const auto kind : {summary, results, failures, in_doubt}) names.push_back(output_name(dropped, job, kind));
  return names;
}

Folder folder_of(ports::Kept kept) {
  return kept == ports::Kept::archive    ? Folder::archive
         : kept == ports::Kept::rejected ? Folder::rejected
                                         : Folder::outbox;
}

}  // namespace

Result<std::size_t> remove_kept(const Folders& folders, JobId job, const std::string& dropped, ports::Kept kept) {
  const auto folder = folders.open(folder_of(kept));
  if (!folder) return std::unexpected(folder.error());
  std::size_t removed = 0;
  for (const auto& name : names_of(job, dropped, kept)) {
    const int error = posix::errno_of([&] { return ::unlinkat((*folder)->get(), name.c_str(), 0); });
    // Most were moved on by people long ago.
    if (error != 0 && error != ENOENT)
      return posix::fail_with(error, text::words::do_remove(), folders.shown(folder_of(kept), name));
    removed += error == 0 ? 1 : 0;
  }
  return removed;
}

}  // namespace sluice::adapters::spool
