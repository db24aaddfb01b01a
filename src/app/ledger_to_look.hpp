#pragma once

#include <memory>

#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// The ledger that the settings name, opened only to look at it: no process of ours need run. Kinds: missing (nothing
/// was kept there yet), config, corrupt, permission, io and others.
Result<std::unique_ptr<ports::Ledger>> ledger_to_look(const config::Settings& settings);

/// The account's ledger as the host that the settings name would see it, and the other hosts.
Result<adapters::postgresql::Looked> account_to_look(const config::Settings& settings);

}  // namespace sluice::app
