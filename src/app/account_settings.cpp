#include "account_settings.hpp"

#include <utility>

#include "database_password.hpp"

namespace sluice::app {

Result<adapters::postgresql::Database> account_database(const config::Settings& settings) {
  auto password = database_password(settings.ledger.password_file);
  if (!password) return std::unexpected(password.error());
  return adapters::postgresql::Database{.conninfo = settings.ledger.postgresql, .password = std::move(*password)};
}

adapters::postgresql::Self account_self(const config::Settings& settings) {
  return {.name = settings.ledger.host, .spool = settings.spool, .secret = {}, .rate = {}};
}

}  // namespace sluice::app
