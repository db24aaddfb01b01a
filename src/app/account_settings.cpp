#include "account_settings.hpp"

#include <utility>

#include "database_password.hpp"
#include "shared_spool.hpp"
#include "sluice/adapters/spool/look_at_secret.hpp"
#include "sluice/config/spool_host.hpp"

namespace sluice::app {

Result<adapters::postgresql::Database> account_database(const config::Settings& settings) {
  auto password = database_password(settings.ledger.password_file);
  if (!password) return std::unexpected(password.error());
  return adapters::postgresql::Database{.conninfo = settings.ledger.postgresql, .password = std::move(*password)};
}

adapters::postgresql::Self account_self(const config::Settings& settings) {
  const bool shared = settings.ledger.shared_spool;
  return {.name = shared ? config::spool_host(settings) : settings.ledger.host,
          .spool = spool_name(settings, adapters::spool::look_at_secret(settings.spool)),
          .shared = shared,
          .secret = {},
          .rate = {}};
}

}  // namespace sluice::app
