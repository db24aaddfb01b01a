#include "sluice/adapters/postgresql/account.hpp"

#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <utility>

#include "postgresql/gate.hpp"
#include "postgresql/hosts.hpp"
#include "postgresql/keywords.hpp"
#include "postgresql/ledger.hpp"
#include "postgresql/other_hosts.hpp"

namespace sluice::adapters::postgresql {

namespace {

Server server_of(const Database& database) {
  return {.conninfo = database.conninfo, .password = database.password};
}

std::string machines_name() {
  std::array<char, HOST_NAME_MAX + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// machine-id(5); where there is none, its name.
std::string machine_id() {
  std::string id;
  std::getline(std::ifstream("/etc/machine-id"), id);
  return id.empty() ? machines_name() : id;
}

Presence presence_of(const Self& self) {
  // With the spool: two processes of one machine that were given one name must not take each other for their past.
  return {.name = self.name.empty() ? fmt::format("{}:{}", machines_name(), self.spool) : self.name,
          .spool = self.spool,
          .shared = self.shared,
          .machine = fmt::format("{}:{}", machine_id(), self.spool)};
}

Result<std::string> accounts_secret(const Server& server, const std::string& offered) {
  auto connection = Connection::open(server);
  if (!connection) return std::unexpected(connection.error());
  return agree_on_secret(*connection, offered);
}

}  // namespace

Result<Account> enter(const Database& database, const Self& self, ports::Clock& clock) {
  const Server server = server_of(database);
  auto hosts = PostgresHosts::open(server, presence_of(self), clock);
  if (!hosts) return std::unexpected(hosts.error());
  const Membership membership = (*hosts)->membership();
  Account account{.hosts = std::move(*hosts), .ledger = nullptr, .gate = nullptr, .secret = {}};
  auto secret = accounts_secret(server, self.secret);
  if (!secret) return std::unexpected(secret.error());
  account.secret = std::move(*secret);
  auto ledger = PostgresLedger::open(server, membership);
  if (!ledger) return std::unexpected(ledger.error());
  account.ledger = std::move(*ledger);
  if (!self.rate) return account;
  auto gate = open_gate(server, membership.number, *self.rate, clock);
  if (!gate) return std::unexpected(gate.error());
  account.gate = std::move(*gate);
  return account;
}

Result<Looked> look(const Database& database, const Self& self) {
  const auto server = server_of(database);
  const auto name = presence_of(self).name;
  auto ledger = PostgresLedger::open(server, std::nullopt, name);
  if (!ledger) return std::unexpected(ledger.error());
  auto connection = Connection::open(server);
  if (!connection) return std::unexpected(connection.error());
  auto hosts = all_hosts(*connection, {.name = name});
  if (!hosts) return std::unexpected(hosts.error());
  // Whichever process it was last.
  for (auto& host : *hosts) host.ours = host.name == name;
  auto jobs = jobs_elsewhere(*connection, {.name = name});
  if (!jobs) return std::unexpected(jobs.error());
  return Looked{.ledger = std::move(*ledger), .others = {.hosts = std::move(*hosts), .jobs = std::move(*jobs)}};
}

Result<void> judge(const std::string& conninfo) {
  const auto keywords = keywords_of({.conninfo = conninfo});
  return keywords ? Result<void>{} : std::unexpected(keywords.error());
}

}  // namespace sluice::adapters::postgresql
