#include "postgresql/gate.hpp"

#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <utility>

#include "postgresql/gate_session.hpp"
#include "sluice/pacing/another_rate.hpp"
#include "sluice/text/words/postgresql.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::postgresql {

namespace {

namespace words = text::words;
using pacing::GateState;
using Change = std::function<void(GateState&, std::uint32_t)>;

constexpr int kMostTries = 8;
constexpr Nanos kPatience = std::chrono::milliseconds(100);  ///< for the others to be slower; one try may take more
constexpr Nanos kGoodFor = std::chrono::milliseconds(15);    ///< what was read, where nothing comes of it

Boottime boot_time(FarTime at) {
  return Boottime{at};
}

std::string in_words(const pacing::Rate& rate) {
  return words::gate_rate(rate.requests, std::chrono::duration_cast<Millis>(rate.per).count());
}

class PostgresGate final : public ports::GateStore {
 public:
  PostgresGate(Server server, std::uint32_t number, pacing::Rate rate, const ports::Clock& clock)
      : dialler_(server), number_(number), rate_(rate), clock_(clock) {}

  Result<void> attach(GateSession session);
  Result<void> update(const Change& change) override;

 private:
  /// A change whose connection broke: nobody knows whether it was stored.
  struct Unknown {
    GateState before;
    GateState after;
    std::uint64_t version;
  };

  Result<void> connected();
  Result<void> look();
  Result<bool> replace(const GateState& next, FarTime not_before);
  Result<void> take_in(const GateRow& row, Boottime sent);
  Result<void> read(const GateRow& row);
  GateState changed(const Change& change, Boottime now) const;
  FarTime start_of_slot(const GateState& next, Boottime now) const;

  GateDialler dialler_;
  const std::uint32_t number_;
  const pacing::Rate rate_;
  const ports::Clock& clock_;
  std::optional<GateSession> session_;
  FarClock far_;
  /// As the row has it, but for what `not_stored_` says; its instants are the database's.
  GateState state_;
  std::uint64_t version_ = 0;
  std::uint32_t alive_ = 0;
  Boottime read_at_{};
  bool not_stored_ = false;
  std::optional<Unknown> unknown_;
};

Result<void> PostgresGate::attach(GateSession session) {
  session_.emplace(std::move(session));
  if (auto seen = look(); !seen) return seen;
  return {};
}

Result<void> PostgresGate::update(const Change& change) {
  if (auto there = connected(); !there) return there;
  const Boottime begun = clock_.now();
  for (int tries = 0; tries < kMostTries; ++tries) {
    const Boottime now = clock_.now();
    if (tries > 0 && now - begun > kPatience) break;
    const GateState next = changed(change, now);
    const std::uint64_t version = version_;
    if (next == state_ && !not_stored_) {
      if (now - read_at_ < kGoodFor) return {};
      // Most looks come to nothing; but what they wait for may be another host's.
      if (auto seen = look(); !seen) return seen;
      if (version_ == version && !not_stored_) return {};
      continue;
    }
    const auto replaced = replace(next, start_of_slot(next, now));
    if (!replaced) return std::unexpected(replaced.error());
    if (*replaced) return {};
  }
  return fail(ErrorKind::busy, words::postgresql_gate_busy(session_->where()));
}

/// A session, or why there is none.
Result<void> PostgresGate::connected() {
  if (session_ && session_->alive()) return {};
  session_.reset();
  Error why{ErrorKind::io, words::postgresql_gate_away()};
  auto session = dialler_.take(why);
  if (!session) return std::unexpected(why);
  return attach(std::move(*session));
}

Result<void> PostgresGate::look() {
  const Boottime sent = clock_.now();
  const auto row = session_->look(number_);
  return row ? take_in(*row, sent) : std::unexpected(row.error());
}

/// False: the row is another's, or the clock is not there yet; what the row says was taken in.
Result<bool> PostgresGate::replace(const GateState& next, FarTime not_before) {
  const Boottime sent = clock_.now();
  const auto row = session_->replace(number_, version_, pacing::to_bytes(next), not_before);
  if (!row) {
    // An error that the server reports has rolled it back. A lost connection may have stored it: a slot that nobody
    // uses and nobody settles would keep its window shut for ever.
    if (!session_->alive()) unknown_ = Unknown{.before = state_, .after = next, .version = version_ + 1};
    return std::unexpected(row.error());
  }
  if (row->written) {
    state_ = next;
    not_stored_ = false;
    unknown_.reset();  // whatever was under way before can't be stored any more: the version has passed it
  }
  if (auto taken = take_in(*row, sent); !taken) return std::unexpected(taken.error());
  return row->written;
}

Result<void> PostgresGate::take_in(const GateRow& row, Boottime sent) {
  read_at_ = clock_.now();
  far_.learn(sent, read_at_, row.clock);
  alive_ = row.alive;
  if (row.written) {
    version_ = row.version;
    return {};
  }
  if (auto known = read(row); !known) return known;
  version_ = row.version;
  if (unknown_ && unknown_->version == row.last_write) {
    take_back(state_, unknown_->before, unknown_->after, number_);
    not_stored_ = true;
    unknown_.reset();
  }
  return {};
}

/// What the row holds, or what takes its place.
Result<void> PostgresGate::read(const GateRow& row) {
  const auto stored = pacing::from_bytes(row.state);
  const bool of_this_run = stored && session_->boot() == stored->boot_id.data();
  if (!stored && !row.state.empty()) spdlog::warn("{}", words::postgresql_gate_damaged(session_->where()));
  not_stored_ = !of_this_run || stored->rate != rate_ || unknown_;
  if (!of_this_run) {
    // Another run of the server may have lost what was sent last, or another server taken over: it is waited out.
    state_ = pacing::fresh(rate_, session_->boot(), boot_time(row.clock), true);
  } else if (stored->rate != rate_) {
    if ((row.alive & ~(1U << number_)) != 0)
      return fail(ErrorKind::config,
                  words::postgresql_other_rate(session_->where(), in_words(stored->rate), in_words(rate_)));
    state_ = pacing::at_another_rate(*stored, rate_, session_->boot(), boot_time(row.clock));
  } else {
    state_ = *stored;
  }
  return {};
}

/// What the change makes of the state: it thinks in this host's time.
GateState PostgresGate::changed(const Change& change, Boottime now) const {
  const Nanos ahead = far_.ahead(now);
  GateState state = moved(state_, -ahead);
  // A lease ends later than whoever has it stops sending; its open slots are anchored at now, when that was noticed.
  for (std::uint32_t other = 0; other < pacing::kMaxParticipants; ++other)
    if (other != number_ && (alive_ >> other & 1U) == 0) pacing::bury(state, other, now);
  change(state, number_);
  return moved(state, ahead);
}

/// Since when a slot may be used that the change took; 0: it took none.
FarTime PostgresGate::start_of_slot(const GateState& next, Boottime now) const {
  const bool taken = next.next_start > state_.next_start;
  return taken ? now.time_since_epoch() + far_.ahead(now) : FarTime{};
}

}  // namespace

Result<std::unique_ptr<ports::GateStore>> open_gate(Server server, std::uint32_t number, pacing::Rate rate,
                                                    const ports::Clock& clock) {
  auto session = GateSession::open(server);
  if (!session) return std::unexpected(session.error());
  auto gate = std::make_unique<PostgresGate>(std::move(server), number, rate, clock);
  if (auto attached = gate->attach(std::move(*session)); !attached) return std::unexpected(attached.error());
  // What its predecessor left open, if that died.
  const auto bury = [&](GateState& state, std::uint32_t me) { pacing::bury(state, me, clock.now()); };
  if (auto buried = gate->update(bury); !buried) return std::unexpected(buried.error());
  return gate;
}

}  // namespace sluice::adapters::postgresql
