#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "adapters/postgresql/server.hpp"
#include "postgresql/ledger.hpp"
#include "postgresql/schema.hpp"

namespace sluice::adapters::postgresql {

template <class T>
T value_of(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().words);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A fresh database with the schema of the ledger, and an executor to ask ledgers from.
class LedgerDatabase {
 public:
  LedgerDatabase() { value_of(migrate(connection_)); }

  /// A host's ledger; each one of a name ends the one before.
  std::unique_ptr<PostgresLedger> host(const std::string& name = "a") { return host_at(server(), name); }
  std::unique_ptr<PostgresLedger> host_at(Server server, const std::string& name) {
    const auto membership = value_of(join(connection_, {.name = name, .spool = "/spool", .machine = "here"}));
    return value_of(PostgresLedger::open(std::move(server), membership));
  }
  Server server() const { return PostgresServer::shared().in(name_); }
  const std::string& name() const { return name_; }
  /// Beside the hosts.
  Connection& connection() { return connection_; }

  template <class T>
  T wait(ports::Task<T> task) {
    std::optional<T> value;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr error, T result) {
      if (error) std::rethrow_exception(error);
      value = std::move(result);
    });
    context.run();
    context.restart();
    return std::move(value).value();
  }
  template <class... Changes>
  Result<void> commit(ports::Ledger& ledger, Changes... changes) {
    std::vector<ports::Change> all;
    (all.emplace_back(std::move(changes)), ...);
    return wait(ledger.commit(std::move(all)));
  }

  boost::asio::io_context context;

 private:
  std::string name_ = PostgresServer::shared().create_database();
  Connection connection_ = value_of(Connection::open(server()));
};

}  // namespace sluice::adapters::postgresql
