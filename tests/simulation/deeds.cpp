// What people and other processes do to a running world.
#include <algorithm>

#include "world.hpp"

namespace sluice::simulation {

using namespace std::chrono_literals;

void World::do_deed(const DeedPlan& deed) {
  if (cleared_) return;
  trace_(now(), "deed {}", static_cast<int>(deed.deed));
  change_surroundings(deed);
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    const bool its_own = header.name == scenario_.files[deed.file].name;
    if (its_own && deed.deed == Deed::change_unseen) change_unseen(header);
  }
  if (!process_ || process_->exit()) return;
  auto& engine = process_->engine();
  if (deed.deed == Deed::pause) process_->give(pause(engine));
  if (deed.deed == Deed::resume) process_->give(resume(engine));
  if (deed.deed == Deed::reload || deed.deed == Deed::turn_to_hold) engine.reload(scenario_.settings);
  if (deed.deed == Deed::stop) engine.stop();
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    if (header.name == scenario_.files[deed.file].name) process_->do_job_deed(deed.deed, header.id);
  }
}

// Both count when they are done: what closes the line while a resume is on the way is tried again, too.

ports::Task<Result<std::string>> World::pause(pipeline::Engine& engine) {
  auto said = co_await engine.pause("operator");
  if (said) witness_.paused();
  co_return said;
}

ports::Task<Result<std::string>> World::resume(pipeline::Engine& engine) {
  auto said = co_await engine.resume("operator");
  if (said) witness_.resumed();
  co_return said;
}

void change_weather(Weather& weather, Deed deed) {
  switch (deed) {
    case Deed::disk_full:
    case Deed::disk_room:
      weather.disk_full = deed == Deed::disk_full;
      return;
    case Deed::outage_begins:
    case Deed::outage_ends:
      weather.outage = deed == Deed::outage_begins;
      return;
    case Deed::closure_begins:
    case Deed::closure_ends:
      weather.closed = deed == Deed::closure_begins;
      return;
    case Deed::certificate_expires:
    case Deed::certificate_renewed:
      weather.bad_certificate = deed == Deed::certificate_expires;
      return;
    default:
      return;
  }
}

/// What goes on with or without a process.
void World::change_surroundings(const DeedPlan& deed) {
  switch (deed.deed) {
    case Deed::turn_to_hold:
      scenario_.settings.retry.in_doubt = config::InDoubt::hold;
      scenario_.turned_to_hold = true;
      [[fallthrough]];
    case Deed::reload:
      return witness_.line_may_open();
    case Deed::rotate_credential:
      ++api_.credential;
      return;
    case Deed::mend_credential:
      outside_.credential_file = api_.credential;
      return;
    case Deed::wall_jump:
      machine_.clocks.wall_jump += deed.jump;
      return;
    default:
      return change_weather(machine_.weather, deed.deed);
  }
}

/// The first digit 1 behind the header: another uid, name or date of the same size.
void World::change_unseen(const ports::JobHeader& job) {
  const File file = machine_.disk.find(Folder::state, claimed_name(job.id));
  if (!file || job.state != ports::JobState::sending) return;
  const auto data = file->data.find('\n');
  const auto digit = data == std::string::npos ? data : file->data.find('1', data);
  if (digit == std::string::npos) return;
  unseen_.push_back({.job = job.id.n, .file = file, .was = file->data});
  file->data[digit] = '2';
  machine_.spool_witness.forget_first_finished(job.id.n);
  trace_(now(), "a digit of {} is changed, and its times say nothing", job.name);
}

void World::undo_changes() {
  for (auto& [job, file, was] : unseen_) {
    file->data = std::move(was);
    machine_.spool_witness.forget_first_finished(job);
  }
  unseen_.clear();
}

/// Another process of the same account, which keeps to the pace through the same gate and knows nothing of ours.
void World::other_participant() {
  if (cleared_) return;
  // The machine may be down: a power loss ends with a boot still ahead.
  if (now() >= machine_.clocks.booted) {
    const Boottime boot = machine_.clocks.boot(now());
    if (!other_) other_ = machine_.gate.join(boot);
    const auto taken = pacing::take(machine_.gate.state(boot), boot, 1, *other_);
    if (taken.slots > 0) other_sends(taken.slot);
  }
  at(now() + random_.between(Nanos(20ms), Nanos(2s)), [this] { other_participant(); });
}

void World::other_sends(pacing::Slot slot) {
  const Nanos arrives = now() + outside_.leg();
  const Nanos answered = arrives + outside_.leg();
  const Nanos anchor = std::min(answered, now() + pacing::kUnknownArrival);
  at(arrives, [this] { api_.arrive(now(), Request{}, nullptr); });
  at(anchor, [this, slot, boots = boots_] {
    if (boots != boots_) return;  // the gate it took its slot from is gone
    const Boottime boot = machine_.clocks.boot(now());
    pacing::settle(machine_.gate.state(boot), slot, boot);
  });
}

}  // namespace sluice::simulation
