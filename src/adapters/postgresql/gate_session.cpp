#include "postgresql/gate_session.hpp"

#include <utility>

namespace sluice::adapters::postgresql {

namespace {

// Nothing may stand longer between a slot and its bytes.
constexpr std::chrono::milliseconds kSlotPatience{450};
constexpr std::chrono::seconds kDialEvery{1};

// A standby that takes over is another run of the server, and its pace starts over: only this one's disk must have it.
constexpr const char* kSession =
    "SET synchronous_commit = local; SET statement_timeout = '300ms'; SET lock_timeout = '200ms'";
constexpr const char* kBoot =
    "SELECT to_hex(system_identifier) || '-' || "
    "to_hex((extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint) FROM pg_control_system()";
constexpr const char* kUse =
    "SELECT written, newest, newest_state, clock, alive, last_write FROM sluice.use_gate($1, $2, $3, $4)";

constexpr std::int64_t kOnlyLook = -1;

}  // namespace

Result<GateSession> GateSession::open(const Server& server) {
  auto connection = Connection::open(server);
  if (!connection) return std::unexpected(connection.error());
  if (auto set = connection->script(kSession); !set) return std::unexpected(set.error());
  const auto boot = connection->run(kBoot);
  if (!boot) return std::unexpected(boot.error());
  return GateSession(std::move(*connection), std::string(boot->bytes(0, 0)));
}

Result<GateRow> GateSession::look(std::uint32_t number) {
  return use(Arguments().put(std::string_view()).put(kOnlyLook).put(0).put(number));
}

Result<GateRow> GateSession::replace(std::uint32_t number, std::uint64_t version, const std::string& state,
                                     FarTime not_before) {
  const auto reached = std::chrono::ceil<std::chrono::microseconds>(not_before).count();
  return use(Arguments().put(state).put(version).put(reached).put(number));
}

Result<GateRow> GateSession::use(const Arguments& arguments) {
  const auto rows = connection_.run(kUse, arguments, kSlotPatience);
  if (!rows) return std::unexpected(rows.error());
  return GateRow{.written = rows->number(0, 0) != 0,
                 .version = static_cast<std::uint64_t>(rows->number(0, 1)),
                 .state = rows->is_null(0, 2) ? std::string() : std::string(rows->bytes(0, 2)),
                 .clock = std::chrono::microseconds(rows->number(0, 3)),
                 .alive = static_cast<std::uint32_t>(rows->number(0, 4)),
                 .last_write = static_cast<std::uint64_t>(rows->number(0, 5))};
}

GateDialler::GateDialler(Server server)
    : server_(std::move(server)), thread_([this](const std::stop_token& stop) { dial(stop); }) {}

GateDialler::~GateDialler() {
  thread_.request_stop();
  changed_.notify_all();
}

std::optional<GateSession> GateDialler::take(Error& why) {
  const std::lock_guard hold(mutex_);
  if (why_) why = *why_;
  wanted_ = !ready_;
  if (wanted_) changed_.notify_all();
  return std::exchange(ready_, std::nullopt);
}

void GateDialler::dial(const std::stop_token& stop) {
  std::unique_lock hold(mutex_);
  while (changed_.wait(hold, stop, [this] { return wanted_; })) {
    hold.unlock();
    auto session = GateSession::open(server_);
    hold.lock();
    if (session) {
      ready_.emplace(std::move(*session));
      wanted_ = false;
      why_.reset();
      continue;
    }
    why_ = session.error();
    changed_.wait_for(hold, stop, kDialEvery, [] { return false; });
  }
}

}  // namespace sluice::adapters::postgresql
