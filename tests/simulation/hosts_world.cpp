#include "hosts_world.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "invariants.hpp"

namespace sluice::simulation {

using namespace std::chrono_literals;

namespace {
constexpr Nanos kPatience = 48h;
/// A host that was taken over looks at its lease and at the others every 5 s; then it has only to cut what it has.
constexpr Nanos kLook = 5s;
constexpr int kLooks = 12;
constexpr Millis kDay = 24h;
}  // namespace

HostsWorld::HostsWorld(Scenario scenario, bool trace)
    : scenario_(std::move(scenario)),
      random_(scenario_.seed ^ 0x405755),
      trace_(trace),
      machine_{.timeline = {},
               .clocks = {.booted = Nanos{0}, .wall_base = scenario_.starts, .wall_jump = Millis{0}},
               .weather = scenario_.storm,
               .disk = {},
               .ledger = {},
               .gate = GateFile({scenario_.settings.rate.requests, scenario_.settings.rate.per}),
               .spool_witness = {}},
      witness_(scenario_, machine_.ledger, trace_),
      api_(scenario_, machine_.weather, random_.fork(), trace_,
           {.applied = [this](std::uint64_t post, std::size_t index) { witness_.applied(post, index); },
            .violated = [this](std::string words) { witness_.violated(std::move(words)); }}),
      outside_{.timeline = machine_.timeline,
               .scenario = scenario_,
               .weather = machine_.weather,
               .random = random_.fork(),
               .acknowledgements = Random(scenario_.seed ^ 0xac4),
               .trace = trace_,
               .witness = witness_,
               .api = api_},
      hosts_(scenario_.hosts) {
  table_.hosts.resize(hosts_.size());
  table_.shared_spool = scenario_.shared_spool;
  table_.tells_others = [this](std::size_t host) { tell_others(host); };
  table_.violated = [this](std::string words) { witness_.violated(std::move(words)); };
  witness_.belongs_to = [this](Owner host, JobId job) {
    const auto at = table_.jobs.find(job.n);
    return at != table_.jobs.end() && owner_of(at->second) == host;
  };
  for (std::size_t i = 0; i < (scenario_.shared_spool ? 1 : hosts_.size()); ++i) {
    auto& spool = *spools_.emplace_back(std::make_unique<Spool>());
    spool.witness.ledger = &machine_.ledger;
    spool.witness.mistake = scenario_.mistake;
  }
  for (auto& host : hosts_) host.clocks = machine_.clocks;
  if (scenario_.clocks_disagree) hosts_.back().clocks.wall_jump = random_.per_mille(500) ? kDay : -kDay;
  for (const auto& mishap : scenario_.mishaps) hosts_[mishap.host].mishaps.push_back(mishap);
}

HostsWorld::~HostsWorld() = default;

std::int64_t HostsWorld::now_ns() const {
  return std::chrono::duration_cast<Nanos>(machine_.clocks.wall(now()).time_since_epoch()).count();
}

void HostsWorld::set_the_scene() {
  for (const auto& file : scenario_.files) {
    ++files_to_come_;
    at(file.dropped_at, [this, &file] { drop(file); });
  }
  for (const auto& deed : scenario_.deeds) at(deed.at, [this, &deed] { do_deed(deed); });
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    at(random_.between(Nanos(0), Nanos(host == 0 ? 0s : 3s)), [this, host] { start(host); });
  }
  at(scenario_.clears_at, [this] { clear_weather(); });
}

void HostsWorld::drop(const FilePlan& file) {
  const bool slow = file.written_for > Nanos{0};
  const auto& content = file.content;
  const auto inode = spools_[file.spool]->disk.put(Folder::inbox, file.name,
                                                   slow ? content.substr(0, content.size() / 2) : content, now_ns());
  inode->being_written = slow;
  inode->hard_linked = file.hard_linked;
  trace_(now(), "{} appears in inbox {}", file.name, file.spool);
  --files_to_come_;
  if (slow) at(now() + file.written_for, [this, &file] { complete(file); });
}

void HostsWorld::complete(const FilePlan& file) {
  Disk& disk = spools_[file.spool]->disk;
  const File inode = disk.find(Folder::inbox, file.name);
  if (!inode || !inode->being_written) return;
  disk.append(inode, std::string_view(file.content).substr(inode->data.size()), now_ns());
  disk.sync(inode);
  inode->being_written = false;
}

void HostsWorld::start(std::size_t host) {
  auto& place = hosts_[host];
  if (stopping_ || place.process) return;
  if (table_.hosts[host].cut_off) return at(now() + 1s, [this, host] { start(host); });
  trace_(now(), "host {} starts", host);
  ++place.processes;
  place.waits_for_fair_weather = false;
  witness_.line_may_open(owner_of(host));
  place.seat = std::make_unique<HostSeat>(table_, host, scenario_.mistake);
  auto& spool = spool_of(host);
  place.process =
      std::make_unique<Process>(machine_, outside_, trace_, random_.fork(),
                                Process::Host{.seat = *place.seat,
                                              .clocks = place.clocks,
                                              .disk = spool.disk,
                                              .spool_witness = spool.witness,
                                              .taken_over = [this](std::size_t whose) { taken_over(whose); }});
  arm(host);
  place.process->start(false);
}

void HostsWorld::gone(std::size_t host) {
  auto& place = hosts_[host];
  steps_ += place.process->life().steps();
  witness_.host_gone(owner_of(host), [this, host](JobId job) { return table_.has(host, job); });
  place.process.reset();
}

/// What it had is another host's from now on; it may still be there, and not know it.
void HostsWorld::taken_over(std::size_t host) {
  witness_.host_gone(owner_of(host), [this, host](JobId job) { return table_.has(host, job); });
  if (runs(host)) must_leave(host, hosts_[host].processes, kLooks);
}

void HostsWorld::must_leave(std::size_t host, std::uint64_t process, int looks) {
  at(now() + kLook, [this, host, process, looks] {
    auto& place = hosts_[host];
    if (!place.process || place.processes != process || stopping_) return;
    const bool cant_know = place.process->life().stalled() || table_.hosts[host].cut_off;
    if (cant_know || looks > 0) return must_leave(host, process, cant_know ? kLooks : looks - 1);
    witness_.violated(fmt::format("host {} was taken over, and is still there a minute later", host));
  });
}

/// Only a hint, and it may be lost.
void HostsWorld::tell_others(std::size_t host) {
  for (std::size_t other = 0; other < hosts_.size(); ++other) {
    auto& place = hosts_[other];
    if (other == host || !place.process || table_.hosts[other].cut_off || random_.per_mille(200)) continue;
    place.process->hosts().wake();
  }
}

void HostsWorld::exited(std::size_t host) {
  auto& process = *hosts_[host].process;
  const Result<int> code = *process.exit();
  trace_(now(), "host {} exits: {}", host, code ? std::to_string(*code) : code.error().words);
  if (!process.thrown().empty()) witness_.violated("an exception left the engine: " + process.thrown());
  if (!code && code.error().kind == ErrorKind::corrupt) witness_.violated("a sound ledger is called corrupt");
  if (!code && code.error().kind != ErrorKind::fenced && cleared_ && ++failed_starts_ > 3)
    witness_.violated("it can't run in fair weather: " + code.error().words);
  if (code && *code != 0) witness_.violated(fmt::format("exit code {}", *code));
  auto& row = table_.hosts[host];
  // An orderly end is the lease's, too.
  if (!hosts_[host].seat->fenced() && !row.cut_off) row.lease_until = now();
  gone(host);
  if (!stopping_) at(now() + random_.between(Nanos(0), Nanos(60s)), [this, host] { start(host); });
}

bool HostsWorld::accounted_for() const {
  const bool inboxes_empty =
      std::ranges::all_of(spools_, [](const auto& spool) { return spool->disk.names(Folder::inbox).empty(); });
  if (files_to_come_ > 0 || !inboxes_empty) return false;
  std::size_t ended = 0;
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == dropped) continue;
    if (header.state != done && header.state != rejected) return false;
    ++ended;
  }
  return ended >= scenario_.files.size();
}

std::string HostsWorld::what_is_left() const {
  std::string left;
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == done || header.state == rejected || header.state == dropped) continue;
    left += fmt::format(" [job {} of host {}: state {}, hold {}, {} of {} rows settled]", to_string(header.id),
                        table_.jobs.at(n), static_cast<int>(header.state), static_cast<int>(header.hold),
                        machine_.ledger.rows(n).size(), header.rows);
  }
  for (const auto& spool : spools_) {
    for (const auto& [name, file] : spool->disk.names(Folder::inbox)) left += fmt::format(" [in an inbox: {}]", name);
    for (const auto& [name, file] : spool->disk.names(Folder::state)) left += fmt::format(" [in a state/: {}]", name);
  }
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (!hosts_[host].process) continue;
    const auto status = hosts_[host].process->engine().status();
    left += fmt::format(" [host {}: {} {}]", host, pipeline::name(status.pause), status.pause_words);
    for (const auto& job : status.jobs)
      left += fmt::format(" [{}: {} unsettled, waits: {}]", to_string(job.id), job.unsettled, job.waits);
  }
  return left;
}

/// Until nothing more can happen at this moment.
bool HostsWorld::go_on() {
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    auto& process = hosts_[host].process;
    if (!process || process->life().stalled()) continue;
    if (!process->run_ready()) {
      killed(host);
    } else if (process->exit()) {
      exited(host);
    } else {
      strike(host);
    }
  }
  const bool spoiled =
      std::ranges::any_of(spools_, [](const auto& spool) { return !spool->witness.violations.empty(); });
  if (!witness_.violations().empty() || spoiled) return false;
  if (stopping_) return std::ranges::any_of(hosts_, [](const auto& host) { return host.process != nullptr; });
  return !accounted_for() || (scenario_.lingers && !cleared_);
}

/// Before what is published is judged: a host that was taken over may still write something.
void HostsWorld::stop_all() {
  stopping_ = true;
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (!runs(host)) continue;
    hosts_[host].mishaps.clear();
    hosts_[host].process->life().spare();
    hosts_[host].process->engine().stop();
  }
  const Nanos limit = now() + Nanos(scenario_.settings.stop.grace) + 240s;
  while (go_on()) {
    if (machine_.timeline.run_next(limit)) continue;
    witness_.violated("stop() does not bring run() back");
    return;
  }
}

Report HostsWorld::report() {
  Report report;
  report.violations = witness_.violations();
  for (const auto& spool : spools_) std::ranges::copy(spool->witness.violations, std::back_inserter(report.violations));
  for (std::size_t i = 0; report.violations.empty() && i < spools_.size(); ++i) {
    const JudgedSpool spool{.number = i, .disk = spools_[i]->disk, .witness = spools_[i]->witness};
    report.violations = judge_spool(scenario_, machine_.ledger, spool, witness_);
  }
  return report;
}

Report HostsWorld::run() {
  set_the_scene();
  bool stuck = false;
  while (!stuck && go_on()) stuck = !machine_.timeline.run_next(scenario_.clears_at + kPatience);
  if (stuck) witness_.violated(fmt::format("stuck {} h after the weather cleared:{}", kPatience / 1h, what_is_left()));
  if (!stuck && witness_.violations().empty()) stop_all();
  api_.commit_late();
  Report report = this->report();
  for (std::size_t host = 0; host < hosts_.size(); ++host) {
    if (hosts_[host].process) gone(host);
  }
  report.requests = witness_.posts();
  report.crashes = mishaps_;
  report.steps = steps_;
  report.took = now();
  trace_.stamp(steps_);
  report.fingerprint = trace_.fingerprint();
  report.trace = trace_.text();
  return report;
}

Report run_world(Scenario scenario, bool trace) {
  if (scenario.hosts > 1) return HostsWorld(std::move(scenario), trace).run();
  return World(std::move(scenario), trace).run();
}

}  // namespace sluice::simulation
