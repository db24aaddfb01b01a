#pragma once

#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Where the account's database is, and the password that is read for it. Errors as database_password().
Result<adapters::postgresql::Database> account_database(const config::Settings& settings);
/// This host as the others see it; it offers no secret, and its pace is kept elsewhere.
adapters::postgresql::Self account_self(const config::Settings& settings);

}  // namespace sluice::app
