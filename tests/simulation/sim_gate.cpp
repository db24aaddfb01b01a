#include "sim_gate.hpp"

#include <fmt/format.h>

#include <bit>

#include "sluice/base/check.hpp"

namespace sluice::simulation {

std::uint32_t GateFile::join(Boottime now) {
  state(now);
  const auto participant = static_cast<std::uint32_t>(std::countr_one(alive_));
  SLUICE_CHECK(participant < pacing::kMaxParticipants, "the world has more processes than the gate has room for");
  alive_ |= 1U << participant;
  return participant;
}

void GateFile::leave(std::uint32_t participant) {
  unburied_.push_back(participant);
}

void GateFile::reboot() {
  state_.reset();
  ++boots_;
  alive_ = 0;
  unburied_.clear();
}

void GateFile::forget(Boottime now) {
  state_ = pacing::fresh(rate_, fmt::format("boot-{}", boots_), now, false);
}

pacing::GateState& GateFile::state(Boottime now) {
  if (!state_) state_ = pacing::fresh(rate_, fmt::format("boot-{}", boots_), now, true);
  for (const auto dead : unburied_) {
    pacing::bury(*state_, dead, now);
    alive_ &= ~(1U << dead);
  }
  unburied_.clear();
  return *state_;
}

Result<void> SimGateStore::update(const std::function<void(pacing::GateState&, std::uint32_t)>& change) {
  if (!life_.step("gate")) return fail(ErrorKind::busy, "the process is dead");
  if (life_.random().per_mille(weather_.gate_busy)) return fail(ErrorKind::busy, "somebody has the gate's lock");
  if (seat_ != nullptr && seat_->cut_off()) return fail(ErrorKind::io, "the gate can't be reached");
  const Boottime now = clocks_.boot(life_.now());
  auto& state = file_.state(now);
  for (std::uint32_t other = 0; seat_ != nullptr && other < seat_->table.hosts.size(); ++other) {
    if (other != participant_ && seat_->table.hosts[other].lease_until <= life_.now()) pacing::bury(state, other, now);
  }
  change(state, participant_);
  return {};
}

}  // namespace sluice::simulation
