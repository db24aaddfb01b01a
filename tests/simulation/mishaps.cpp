// What befalls hosts, and what people do where there are several.
#include <algorithm>

#include "hosts_world.hpp"

namespace sluice::simulation {

using namespace std::chrono_literals;

namespace {
constexpr Nanos kCareEvery = 30s;
}

void HostsWorld::arm(std::size_t host) {
  auto& place = hosts_[host];
  auto& life = place.process->life();
  life.spare();
  if (cleared_ || place.mishaps.empty()) return;
  const auto& next = place.mishaps.front();
  place.strikes_at = life.steps() + next.after_steps;
  // A kill falls on that very step, whatever it is.
  if (next.mishap == Mishap::kill) life.doom(place.strikes_at);
}

/// Between two of its steps.
void HostsWorld::strike(std::size_t host) {
  auto& place = hosts_[host];
  auto& process = *place.process;
  if (cleared_ || place.mishaps.empty() || place.mishaps.front().mishap == Mishap::kill) return;
  if (process.life().steps() < place.strikes_at) return;
  const auto next = place.mishaps.front();
  if (next.mishap == Mishap::stall && process.in_a_call()) return;
  place.mishaps.pop_front();
  ++mishaps_;
  next.mishap == Mishap::stall ? stall(host, next.lasts) : cut_off(host, next.lasts);
  arm(host);
}

void HostsWorld::killed(std::size_t host) {
  auto& place = hosts_[host];
  trace_(now(), "host {} is killed", host);
  ++mishaps_;
  const Nanos away = place.mishaps.front().lasts;
  place.mishaps.pop_front();
  place.process->ledger().crash(random_);
  witness_.crashed(now());
  gone(host);
  place.waits_for_fair_weather = true;
  at(now() + away, [this, host] { start(host); });
}

void HostsWorld::stall(std::size_t host, Nanos how_long) {
  trace_(now(), "host {} stands still for {} ms", host, how_long / 1ms);
  hosts_[host].process->life().stall(now() + how_long);
}

void HostsWorld::cut_off(std::size_t host, Nanos how_long) {
  trace_(now(), "host {} can't reach the ledger for {} ms", host, how_long / 1ms);
  table_.hosts[host].cut_off = true;
  at(now() + how_long, [this, host] { table_.hosts[host].cut_off = false; });
}

void HostsWorld::do_deed(const DeedPlan& deed) {
  if (cleared_) return;
  trace_(now(), "deed {}", static_cast<int>(deed.deed));
  change_weather(machine_.weather, deed.deed);
  const auto someone = random_.below(hosts_.size());
  auto& place = hosts_[someone];
  if (deed.deed == Deed::rotate_credential) ++api_.credential;
  if (deed.deed == Deed::mend_credential) outside_.credential_file = api_.credential;
  if (deed.deed == Deed::wall_jump) place.clocks.wall_jump += deed.jump;
  if (runs(someone)) {
    auto& engine = place.process->engine();
    if (deed.deed == Deed::pause) place.process->give(engine.pause("operator"));
    if (deed.deed == Deed::resume) place.process->give(engine.resume("operator"));
    if (deed.deed == Deed::resume || deed.deed == Deed::reload) witness_.line_may_open(owner_of(someone));
    if (deed.deed == Deed::reload) engine.reload(scenario_.settings);
    if (deed.deed == Deed::stop) engine.stop();
  }
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    if (header.name != scenario_.files[deed.file].name) continue;
    const auto host = table_.jobs.at(n);  // it has the job
    if (runs(host)) hosts_[host].process->do_job_deed(deed.deed, header.id);
  }
}

void HostsWorld::clear_weather() {
  trace_(now(), "the weather clears");
  cleared_ = true;
  const Weather storm = machine_.weather;
  machine_.weather = Weather{.latency_low = storm.latency_low, .latency_high = storm.latency_high};
  outside_.credential_file = api_.credential;
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (hosts_[host].process) hosts_[host].process->life().spare();
    if (hosts_[host].waits_for_fair_weather) start(host);
  }
  care();
}

/// What operators do when all is well again: release what is held or capped, at the host that has it, and end their
/// pause.
void HostsWorld::care() {
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == done || header.state == rejected || header.state == dropped) continue;
    const bool capped = header.state == sending && header.ruling != ports::Ruling::released;
    const auto host = table_.jobs.at(n);
    if ((header.hold == ports::Hold::none && !capped) || !runs(host)) continue;
    auto& process = *hosts_[host].process;
    process.give(process.engine().command(pipeline::Command::release, header.id, "operator"));
  }
  const bool paused = !machine_.ledger.note(ports::Note::paused).empty();
  for (std::size_t host = 0; paused && host < hosts_.size(); ++host) {
    if (!runs(host)) continue;
    witness_.line_may_open(owner_of(host));
    hosts_[host].process->give(hosts_[host].process->engine().resume("operator"));
  }
  at(now() + kCareEvery, [this] { care(); });
}

}  // namespace sluice::simulation
