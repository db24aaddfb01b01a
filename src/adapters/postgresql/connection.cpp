#include "postgresql/connection.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "postgresql/errors.hpp"
#include "postgresql/keywords.hpp"
#include "postgresql/libpq.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kHidden = "***";
constexpr int kBinary = 1;
constexpr int kOldestServer = 130000;

// A statement that waits for a lock gives up before its connection does, so that what came of it is known, and before
// the renewal of the lease does, which waits for the same row. A session whose client froze must not hold its locks for
// ever.
constexpr const char* kSession =
    "SET search_path = sluice, pg_catalog; SET statement_timeout = '20s'; SET lock_timeout = '4s';"
    "SET idle_in_transaction_session_timeout = '10s'; SET client_min_messages = warning;"
    "SET default_transaction_isolation = 'read committed'";

std::shared_ptr<const PGresult> owned(PGresult* result) {
  return {result, [](const PGresult* gone) { libpq().clear(const_cast<PGresult*>(gone)); }};
}

/// Parameters as libpq takes them; valid as long as the arguments.
struct Parameters {
  explicit Parameters(const Arguments& arguments) {
    for (const auto& value : arguments.values()) {
      types.push_back(value.type);
      values.push_back(value.bytes ? value.bytes->data() : nullptr);
      lengths.push_back(value.bytes ? static_cast<int>(value.bytes->size()) : 0);
      formats.push_back(kBinary);
    }
  }
  int count() const { return static_cast<int>(values.size()); }

  std::vector<Oid> types;
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
};

}  // namespace

void Connection::Close::operator()(pg_conn* connection) const {
  libpq().finish(connection);
}

Connection::Connection(std::unique_ptr<pg_conn, Close> connection, std::string where, std::string password)
    : connection_(std::move(connection)), where_(std::move(where)), password_(std::move(password)) {}

auto Connection::connect(const Server& server, std::string& where) -> Result<std::unique_ptr<pg_conn, Close>> {
  const auto keywords = keywords_of(server);
  if (!keywords) return std::unexpected(keywords.error());
  where = shown(*keywords);
  std::vector<const char*> names;
  std::vector<const char*> values;
  for (const auto& [name, value] : *keywords) {
    names.push_back(name.c_str());
    values.push_back(value.c_str());
  }
  names.push_back(nullptr);
  values.push_back(nullptr);
  return std::unique_ptr<pg_conn, Close>(libpq().connectdbParams(names.data(), values.data(), 0));
}

Result<Connection> Connection::open(const Server& server) {
  std::string where;
  auto connected = connect(server, where);
  if (!connected) return std::unexpected(connected.error());
  Connection connection(std::move(*connected), std::move(where), server.password);
  pg_conn* raw = connection.connection_.get();
  if (libpq().status(raw) != CONNECTION_OK) {
    const std::string said = libpq().errorMessage(raw);
    // libpq gives no SQLSTATE here.
    const bool refused = libpq().connectionNeedsPassword(raw) != 0 || libpq().connectionUsedPassword(raw) != 0;
    const Error error = connection.lost(said);
    if (refused) return std::unexpected(server_error(connection.where_, "28000", connection.hide(said)));
    return std::unexpected(error);
  }
  if (auto ready = connection.begin_session(); !ready) return std::unexpected(ready.error());
  return connection;
}

Result<void> Connection::begin_session() {
  libpq().setNoticeProcessor(connection_.get(), [](void*, const char*) {}, nullptr);
  // Or a long pipeline and its answers could wait for each other (libpq, Pipeline Mode).
  libpq().setnonblocking(connection_.get(), 1);
  if (auto checked = check_server(); !checked) return checked;
  return script(kSession);
}

// What is committed must be so for good, here and on a standby that may take over.
Result<void> Connection::check_server() {
  if (libpq().serverVersion(connection_.get()) < kOldestServer) {
    const char* version = libpq().parameterStatus(connection_.get(), "server_version");
    return fail(ErrorKind::config, text::words::postgresql_too_old(where_, std::string(version ? version : "?")));
  }
  const auto set = run("SELECT current_setting('synchronous_commit'), current_setting('synchronous_standby_names')");
  if (!set) return std::unexpected(set.error());
  const auto how = std::string(set->bytes(0, 0));
  const bool standbys = !set->bytes(0, 1).empty();
  const bool durable = standbys ? how == "on" || how == "remote_apply" : how != "off";
  if (!durable) return fail(ErrorKind::config, text::words::postgresql_not_durable(where_, how));
  return {};
}

Result<Rows> Connection::run(std::string_view sql, const Arguments& arguments, std::chrono::milliseconds patience) {
  queue(sql, arguments);
  auto rows = flush(patience);
  if (!rows) return std::unexpected(rows.error());
  return std::move(rows->front());
}

void Connection::queue(std::string_view sql, const Arguments& arguments) {
  if (!alive() || queue_failed_) return;
  pg_conn* raw = connection_.get();
  if (queued_.empty() && libpq().enterPipelineMode(raw) == 0) queue_failed_ = true;
  const Parameters parameters(arguments);
  auto known = prepared_.find(sql);
  if (known == prepared_.end()) {
    known = prepared_.emplace(sql, fmt::format("s{}", prepared_.size())).first;
    queue_failed_ = queue_failed_ || libpq().sendPrepare(raw, known->second.c_str(), known->first.c_str(),
                                                         parameters.count(), parameters.types.data()) == 0;
    queued_.push_back({.prepared = known->first});
  }
  queue_failed_ = queue_failed_ ||
                  libpq().sendQueryPrepared(raw, known->second.c_str(), parameters.count(), parameters.values.data(),
                                            parameters.lengths.data(), parameters.formats.data(), kBinary) == 0;
  queued_.push_back({});
}

Result<std::vector<Rows>> Connection::flush(std::chrono::milliseconds patience) {
  if (!alive()) return std::unexpected(connection_lost(where_, ""));
  const auto until = Clock::now() + patience;
  const auto queued = std::exchange(queued_, {});
  const bool sent = !queue_failed_ && libpq().pipelineSync(connection_.get()) != 0;
  queue_failed_ = false;
  if (!sent) return std::unexpected(lost(libpq().errorMessage(connection_.get())));
  std::vector<Rows> rows;
  Result<void> first_error;
  for (const auto& one : queued) {
    if (auto came = wait(until); !came) return std::unexpected(came.error());
    if (auto taken = take_result(one, rows, first_error); !taken) return std::unexpected(taken.error());
  }
  if (auto drained = drain(until); !drained) return std::unexpected(drained.error());
  if (!first_error) return std::unexpected(first_error.error());
  return rows;
}

// One statement's result and the end of it. What was to be prepared and wasn't is no longer known.
Result<void> Connection::take_result(const Queued& queued, std::vector<Rows>& rows, Result<void>& first_error) {
  const auto result = owned(libpq().getResult(connection_.get()));
  if (!result) return std::unexpected(lost(libpq().errorMessage(connection_.get())));
  const auto status = libpq().resultStatus(result.get());
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (!done && !queued.prepared.empty()) prepared_.erase(queued.prepared);
  if (status == PGRES_FATAL_ERROR) {
    const char* state = libpq().resultErrorField(result.get(), PG_DIAG_SQLSTATE);
    const char* message = libpq().resultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY);
    if (libpq().status(connection_.get()) != CONNECTION_OK || !state)
      return std::unexpected(lost(libpq().resultErrorMessage(result.get())));
    const Error error = refused(state, message);
    if (!alive()) return std::unexpected(error);
    if (first_error) first_error = std::unexpected(error);
  }
  if (queued.prepared.empty()) rows.emplace_back(result);
  if (libpq().getResult(connection_.get()) != nullptr)
    return std::unexpected(lost(libpq().errorMessage(connection_.get())));
  return {};
}

// Up to the point of synchronisation, where the next statements may begin.
Result<void> Connection::drain(Clock::time_point until) {
  for (;;) {
    if (auto came = wait(until); !came) return came;
    const auto result = owned(libpq().getResult(connection_.get()));
    if (result && libpq().resultStatus(result.get()) == PGRES_PIPELINE_SYNC) break;
    if (!result || libpq().status(connection_.get()) != CONNECTION_OK)
      return std::unexpected(lost(libpq().errorMessage(connection_.get())));
  }
  if (libpq().exitPipelineMode(connection_.get()) == 0)
    return std::unexpected(lost(libpq().errorMessage(connection_.get())));
  return {};
}

// Until a result is there. Sending goes on meanwhile.
Result<void> Connection::wait(Clock::time_point until) {
  pg_conn* raw = connection_.get();
  for (;;) {
    const int unsent = libpq().flush(raw);
    if (unsent < 0) return std::unexpected(lost(libpq().errorMessage(raw)));
    if (libpq().isBusy(raw) == 0) return {};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    pollfd watched{.fd = libpq().socket(raw), .events = static_cast<short>(unsent > 0 ? POLLIN | POLLOUT : POLLIN)};
    const int ready = left > 0 ? ::poll(&watched, 1, static_cast<int>(left)) : 0;
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return std::unexpected(lost(text::words::postgresql_no_answer()));
    if (libpq().consumeInput(raw) == 0) return std::unexpected(lost(libpq().errorMessage(raw)));
  }
}

Result<void> Connection::script(const std::string& sql) {
  if (!alive()) return std::unexpected(connection_lost(where_, ""));
  pg_conn* raw = connection_.get();
  if (libpq().sendQuery(raw, sql.c_str()) == 0) return std::unexpected(lost(libpq().errorMessage(raw)));
  const auto until = Clock::now() + kPatience;
  Result<void> done;
  for (;;) {
    if (auto came = wait(until); !came) return came;
    const auto result = owned(libpq().getResult(raw));
    if (!result) break;
    if (libpq().resultStatus(result.get()) != PGRES_FATAL_ERROR) continue;
    const char* state = libpq().resultErrorField(result.get(), PG_DIAG_SQLSTATE);
    if (libpq().status(raw) != CONNECTION_OK || !state)
      return std::unexpected(lost(libpq().resultErrorMessage(result.get())));
    done = std::unexpected(refused(state, libpq().resultErrorField(result.get(), PG_DIAG_MESSAGE_PRIMARY)));
    if (!alive()) break;
  }
  return done;
}

Result<void> Connection::leave() {
  if (!alive()) return std::unexpected(connection_lost(where_, ""));
  if (libpq().transactionStatus(connection_.get()) == PQTRANS_IDLE) return {};
  return script("ROLLBACK");
}

bool Connection::alive() const {
  return connection_ && libpq().status(connection_.get()) == CONNECTION_OK;
}

int Connection::socket() const {
  return alive() ? libpq().socket(connection_.get()) : -1;
}

Result<std::vector<std::string>> Connection::notified() {
  if (!alive()) return std::unexpected(connection_lost(where_, ""));
  pg_conn* raw = connection_.get();
  // All there is: a server that was stopped says so first, and closes behind it.
  for (pollfd watched{.fd = libpq().socket(raw), .events = POLLIN, .revents = 0}; ::poll(&watched, 1, 0) > 0;) {
    if (libpq().consumeInput(raw) == 0) return std::unexpected(lost(libpq().errorMessage(raw)));
  }
  std::vector<std::string> channels;
  while (PGnotify* notice = libpq().notifies(raw)) {
    channels.emplace_back(notice->relname);
    libpq().freemem(notice);
  }
  return channels;
}

// Closed at once: whatever may still come on it answers something that nobody waits for any more.
Error Connection::lost(std::string_view message) {
  const Error error = connection_lost(where_, hide(message));
  connection_.reset();
  prepared_.clear();
  queued_.clear();
  queue_failed_ = false;
  return error;
}

Error Connection::refused(const char* sqlstate, const char* message) {
  const Error error = server_error(where_, sqlstate, hide(message ? message : ""));
  // The server ends the session, or it has become a standby: only another connection can do better.
  const std::string_view state(sqlstate);
  const bool ends = state.starts_with("57P") || state.starts_with("08") || state == "25006" || state == "25P03";
  if (ends) static_cast<void>(lost(""));
  return error;
}

std::string Connection::hide(std::string_view message) const {
  std::string hidden(message);
  if (password_.empty()) return hidden;
  for (auto at = hidden.find(password_); at != std::string::npos; at = hidden.find(password_, at)) {
    hidden.replace(at, password_.size(), kHidden);
    at += kHidden.size();
  }
  return hidden;
}

}  // namespace sluice::adapters::postgresql
