#pragma once

#include <sys/types.h>

#include <string>

#include "adapters/temp_folder.hpp"
#include "postgresql/server.hpp"

namespace sluice::adapters::postgresql {

/// A PostgreSQL of the test's own, in a fresh folder and on a socket there. Throws what goes wrong.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  /// One for all tests of this process, so that initdb runs once.
  static PostgresServer& shared();

  /// A new, empty database.
  std::string create_database();
  Server in(const std::string& database, const std::string& more = "") const;
  /// As the superuser, in the database `postgres`.
  void sql(const std::string& statements) const;

  void start();
  /// `mode`: fast or immediate (as if the machine had died).
  void stop(const std::string& mode);
  /// A line of postgresql.conf, or of pg_hba.conf before all others; holds from reload() or start().
  void configure(const std::string& line);
  void let_in(const std::string& line);
  void reload();

  std::string socket_folder() const { return folder_.path().string(); }

 private:
  void pg_ctl(const std::string& what) const;

  TempFolder folder_;
  int databases_ = 0;
};

}  // namespace sluice::adapters::postgresql
