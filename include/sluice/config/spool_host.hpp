#pragma once

#include <string>

#include "sluice/config/settings.hpp"

namespace sluice::config {

/// This host's name among those that share its spool (ledger.host, or the machine's name); empty: the spool is its own.
std::string spool_host(const Settings& settings);

/// Where commands reach its process: control.socket, or control.sock in the spool, of each host its own.
std::string socket_path(const Settings& settings);

}  // namespace sluice::config
