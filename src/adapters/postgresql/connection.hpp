#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "postgresql/server.hpp"
#include "postgresql/values.hpp"
#include "sluice/base/error.hpp"

struct pg_conn;

namespace sluice::adapters::postgresql {

/// How long the server may take for what is asked in one go, before the connection is given up.
inline constexpr std::chrono::milliseconds kPatience{30'000};

/// One connection, for one thread. Statements are prepared at their first use. After it was lost every call fails with
/// kind `io`; whoever owns it opens another.
class Connection {
 public:
  /// Blocks, for seconds where nobody answers. Kinds: config (keywords_of(); a server that is too old, or whose
  /// commits are not durable), permission, io and others as server_error().
  static Result<Connection> open(const Server& server);

  /// One statement, in a transaction of its own or in the one that is open; one round trip.
  Result<Rows> run(std::string_view sql, const Arguments& arguments = {},
                   std::chrono::milliseconds patience = kPatience);
  /// Several statements without parameters, one after the other.
  Result<void> script(const std::string& sql);

  /// Statements that go together, in one round trip: the first that fails ends them all, and its error is returned.
  /// In between nothing else is asked. A transaction begun among them is left open by an error: see leave().
  void queue(std::string_view sql, const Arguments& arguments = {});
  Result<std::vector<Rows>> flush(std::chrono::milliseconds patience = kPatience);
  /// Ends what a transaction that failed left open.
  Result<void> leave();

  bool alive() const;
  /// For poll(2); -1: it was lost.
  int socket() const;
  /// Reads what has come by itself; the channels that were notified since.
  Result<std::vector<std::string>> notified();
  /// host:port dbname
  const std::string& where() const { return where_; }

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  struct Queued {
    std::string prepared;  ///< the text that becomes known with it; empty: it is a statement's result
  };

  Connection(std::unique_ptr<pg_conn, Close> connection, std::string where, std::string password);
  static Result<std::unique_ptr<pg_conn, Close>> connect(const Server& server, std::string& where);
  Result<void> begin_session();
  Result<void> check_server();
  Result<void> send();
  Result<void> wait(std::chrono::steady_clock::time_point until);
  Result<void> take_result(const Queued& queued, std::vector<Rows>& rows, Result<void>& first_error);
  Result<void> drain(std::chrono::steady_clock::time_point until);
  Error lost(std::string_view message);
  Error refused(const char* sqlstate, const char* message);
  std::string hide(std::string_view message) const;

  std::unique_ptr<pg_conn, Close> connection_;
  std::string where_;
  std::string password_;
  std::map<std::string, std::string, std::less<>> prepared_;  ///< texts, and the names they have
  std::vector<Queued> queued_;
  bool queue_failed_ = false;
};

}  // namespace sluice::adapters::postgresql
