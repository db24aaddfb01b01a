#include "ledger_to_look.hpp"

#include <utility>

#include "database_password.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/postgresql/account.hpp"

namespace sluice::app {

Result<std::unique_ptr<ports::Ledger>> ledger_to_look(const config::Settings& settings) {
  if (!settings.ledger.postgresql.empty()) {
    auto password = database_password(settings.ledger.password_file);
    if (!password) return std::unexpected(password.error());
    return adapters::postgresql::look({.conninfo = settings.ledger.postgresql, .password = std::move(*password)});
  }
  auto ledger = adapters::ledger::SqliteLedger::open(ledger_path(settings), {.read_only = true});
  if (!ledger) return std::unexpected(ledger.error());
  return std::move(*ledger);
}

}  // namespace sluice::app
