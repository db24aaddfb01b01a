#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "postgresql/connection.hpp"
#include "postgresql/far_clock.hpp"

namespace sluice::adapters::postgresql {

/// What the server says of the pace.
struct GateRow {
  bool written = false;
  std::uint64_t version = 0;
  std::string state;             ///< empty: it was written, or is new
  FarTime clock{};               ///< when it said so
  std::uint32_t alive = 0;       ///< a bit for each host's number whose lease is not over
  std::uint64_t last_write = 0;  ///< the version that this host wrote last
};

/// A connection for nothing but the pace.
class GateSession {
 public:
  static Result<GateSession> open(const Server& server);

  /// One round trip each. `not_before`: the database's clock must have reached it.
  Result<GateRow> look(std::uint32_t number);
  Result<GateRow> replace(std::uint32_t number, std::uint64_t version, const std::string& state, FarTime not_before);

  bool alive() const { return connection_.alive(); }
  const std::string& where() const { return connection_.where(); }
  /// Tells one run of the server from another, at most 36 characters.
  const std::string& boot() const { return boot_; }

 private:
  GateSession(Connection connection, std::string boot) : connection_(std::move(connection)), boot_(std::move(boot)) {}
  Result<GateRow> use(const Arguments& arguments);

  Connection connection_;
  std::string boot_;
};

/// Opens sessions on a thread of its own: who takes slots can't wait for a server that doesn't answer.
class GateDialler {
 public:
  explicit GateDialler(Server server);
  ~GateDialler();
  GateDialler(const GateDialler&) = delete;
  GateDialler& operator=(const GateDialler&) = delete;

  /// The one that was opened, if any; else it goes on trying, and `why` is what the last try came to.
  std::optional<GateSession> take(Error& why);

 private:
  void dial(const std::stop_token& stop);

  const Server server_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool wanted_ = false;
  std::optional<GateSession> ready_;
  std::optional<Error> why_;
  std::jthread thread_;  ///< last: it uses all of the above
};

}  // namespace sluice::adapters::postgresql
