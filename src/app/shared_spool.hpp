#pragma once

#include <string>

#include "sluice/config/settings.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::app {

/// How the account's hosts call a spool: by its path; a shared one also by what lies there (`secret`: of the spool), so
/// that nobody takes over jobs whose files are elsewhere. No secret: nothing was made there yet.
std::string spool_name(const config::Settings& settings, std::string_view secret);

/// Whether each living host that shares a spool of this path works this very folder, seen by its lock: a file that was
/// made there is seen here, bears the same number, and is locked. Waits out the lease of one that died just now. Kinds:
/// config (it is another folder, or storage that can't be shared), busy (its lock is not seen).
ports::Task<Result<void>> see_the_others(ports::Hosts& hosts, ports::Clock& clock, const config::Settings& settings,
                                         std::string name);

}  // namespace sluice::app
