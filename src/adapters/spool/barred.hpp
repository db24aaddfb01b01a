#pragma once

#include <sys/stat.h>

#include <string>

#include "sluice/config/settings.hpp"

namespace sluice::adapters::spool {

/// Who looks at the inbox.
struct Looker {
  uid_t user;
  bool overrides_rights = false;  ///< root
};
Looker looker();

/// Why a file of the inbox is not taken whatever it holds and however long it rests, in words with a remedy; empty:
/// nothing speaks against it. Told before anything is tried, so that no try costs a job's number. `inbox` and `file`
/// are what stat(2) says of the folder and of the file.
std::string barred(const struct stat& inbox, const struct stat& file, const config::Settings::Inbox& settings,
                   const Looker& looker);

/// Why it can't be read, and what to do: a file that mv(1) brings keeps the group that it had.
std::string unreadable(const struct stat& inbox, const struct stat& file);

}  // namespace sluice::adapters::spool
