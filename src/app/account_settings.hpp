#pragma once

#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Where the account's database is, and the password that is read for it. Errors as database_password().
Result<adapters::postgresql::Database> account_database(const config::Settings& settings);
/// This host as the others see it, whatever it does: a command that spoke for it otherwise would hide its jobs from
/// those who take over. It offers no secret, and its pace is kept elsewhere.
adapters::postgresql::Self account_self(const config::Settings& settings);

}  // namespace sluice::app
