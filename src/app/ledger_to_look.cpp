#include "ledger_to_look.hpp"

#include <utility>

#include "account_settings.hpp"
#include "machine.hpp"
#include "sluice/adapters/ledger/ledger.hpp"

namespace sluice::app {

Result<std::unique_ptr<ports::Ledger>> ledger_to_look(const config::Settings& settings) {
  if (!settings.ledger.postgresql.empty()) {
    auto account = account_to_look(settings);
    if (!account) return std::unexpected(account.error());
    return std::move(account->ledger);
  }
  auto ledger = adapters::ledger::SqliteLedger::open(ledger_path(settings), {.read_only = true});
  if (!ledger) return std::unexpected(ledger.error());
  return std::move(*ledger);
}

Result<adapters::postgresql::Looked> account_to_look(const config::Settings& settings) {
  const auto database = account_database(settings);
  if (!database) return std::unexpected(database.error());
  return adapters::postgresql::look(*database, account_self(settings));
}

}  // namespace sluice::app
