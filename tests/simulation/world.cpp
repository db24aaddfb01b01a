#include "world.hpp"

#include <algorithm>

#include "invariants.hpp"
#include "sluice/pipeline/operator_command.hpp"

namespace sluice::simulation {

using namespace std::chrono_literals;

namespace {
/// Fair weather this long without every file being accounted for: stuck. Nothing in the settings waits longer than an
/// outage of an hour a time.
constexpr Nanos kPatience = 48h;
constexpr Nanos kCareEvery = 30s;
}  // namespace

World::World(Scenario scenario, bool trace)
    : scenario_(std::move(scenario)),
      random_(scenario_.seed),
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
               .api = api_} {
  machine_.spool_witness.ledger = &machine_.ledger;
  machine_.spool_witness.mistake = scenario_.mistake;
}

World::~World() = default;

std::int64_t World::now_ns() const {
  return std::chrono::duration_cast<Nanos>(machine_.clocks.wall(now()).time_since_epoch()).count();
}

void World::set_the_scene() {
  for (const auto& file : scenario_.files) {
    ++files_to_come_;
    at(file.dropped_at, [this, &file] { drop(file); });
  }
  for (const auto& deed : scenario_.deeds) at(deed.at, [this, &deed] { do_deed(deed); });
  at(scenario_.clears_at, [this] { clear_weather(); });
  if (scenario_.second_participant) {
    at(Nanos{0}, [this] { other_participant(); });
  }
}

void World::drop(const FilePlan& file) {
  const bool slow = file.written_for > Nanos{0};
  const auto inode = machine_.disk.put(Folder::inbox, file.name,
                                       slow ? file.content.substr(0, file.content.size() / 2) : file.content, now_ns());
  inode->being_written = slow;
  inode->hard_linked = file.hard_linked;
  trace_(now(), "{} appears in the inbox", file.name);
  --files_to_come_;
  if (slow) at(now() + file.written_for, [this, &file] { complete(file); });
  if (file.vanishes_after > Nanos{0}) at(now() + file.vanishes_after, [this, &file] { take_away(file); });
}

void World::complete(const FilePlan& file) {
  const File inode = machine_.disk.find(Folder::inbox, file.name);
  if (!inode || !inode->being_written) return;
  machine_.disk.append(inode, std::string_view(file.content).substr(inode->data.size()), now_ns());
  machine_.disk.sync(inode);
  inode->being_written = false;
}

/// A claim by copy stands, or may, while the original is still in the inbox: the file is claimed, and whoever takes the
/// original away and drops it again has dropped it twice.
bool World::copied(const FilePlan& file) const {
  return std::ranges::any_of(machine_.ledger.jobs(), [&](const auto& job) {
    const JobId id = job.second.id;
    return job.second.name == file.name &&
           (machine_.disk.find(Folder::state, copied_name(id)) || machine_.disk.find(Folder::state, claimed_name(id)));
  });
}

/// Somebody takes the file away and drops it again a little later, whole: another file of the same name and bytes.
void World::take_away(const FilePlan& file) {
  const File inode = machine_.disk.find(Folder::inbox, file.name);
  if (!inode || inode->being_written || cleared_ || copied(file)) return;
  trace_(now(), "{} is taken away", file.name);
  machine_.disk.take_away(Folder::inbox, file.name);
  ++files_to_come_;
  at(now() + random_.between(Nanos(1'000'000), Nanos(5s)), [this, &file] {
    --files_to_come_;
    // Back through a power loss that undid the claim: then it is there already.
    if (!machine_.disk.find(Folder::inbox, file.name))
      machine_.disk.put(Folder::inbox, file.name, file.content, now_ns());
  });
}

void World::start_process() {
  const bool crashes = !cleared_ && next_crash_ < scenario_.crashes.size();
  if (scenario_.mistake == Mistake::forgetful_gate) machine_.gate.forget(machine_.clocks.boot(now()));
  trace_(now(), "the process starts");
  witness_.line_may_open();
  process_ = std::make_unique<Process>(machine_, outside_, trace_, random_.fork(),
                                       crashes ? scenario_.crashes[next_crash_].at_step : 0);
  process_->start(scenario_.drains);
}

void World::process_gone() {
  steps_ += process_->life().steps();
  witness_.process_died();
  // A resend waits for what may still be at work, over a restart by the wall clock: where somebody sets that, it is
  // done.
  if (std::ranges::count(scenario_.deeds, Deed::wall_jump, &DeedPlan::deed) > 0) api_.commit_late();
  process_.reset();
}

void World::crashed() {
  const CrashPlan& crash = scenario_.crashes[next_crash_++];
  process_->ledger().crash(random_);
  witness_.crashed(now());
  process_gone();
  if (crash.disaster == Disaster::power_loss) {
    trace_(now(), "the power is lost");
    machine_.disk.power_loss(random_);
    machine_.gate.reboot();
    witness_.rebooted();
    machine_.clocks.booted = now() + crash.restart_after;
    ++boots_;
    other_.reset();
  }
  at(now() + crash.restart_after, [this] { start_process(); });
}

void World::exited() {
  const Result<int> code = *process_->exit();
  trace_(now(), "the process exits: {}", code ? std::to_string(*code) : code.error().words);
  if (!process_->thrown().empty()) witness_.violated("an exception left the engine: " + process_->thrown());
  if (!process_->ledger().idle() && process_->commands() == 0)
    witness_.violated("the engine returned with commits under way");
  if (!code && cleared_ && ++failed_starts_ > 3)
    witness_.violated("it can't run in fair weather: " + code.error().words);
  if (!code && code.error().kind == ErrorKind::corrupt) witness_.violated("a sound ledger is called corrupt");
  if (code && (*code < 0 || *code > 3)) witness_.violated(fmt::format("exit code {}", *code));
  process_gone();
  if (!stopping_) at(now() + random_.between(Nanos(0), Nanos(5s)), [this] { start_process(); });
}

void World::clear_weather() {
  trace_(now(), "the weather clears");
  cleared_ = true;
  undo_changes();
  const Weather storm = machine_.weather;
  machine_.weather = Weather{.latency_low = storm.latency_low, .latency_high = storm.latency_high};
  outside_.credential_file = api_.credential;
  if (process_) process_->life().spare();
  care();
}

/// What an operator does when all is well again, as long as it takes: release what is held or capped, end the
/// operator's own pause. Other pauses must end by themselves.
void World::care() {
  const bool running = process_ && !process_->exit();
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == done || header.state == rejected || header.state == dropped) continue;
    const bool capped = header.state == sending && header.ruling != ports::Ruling::released;
    if (header.hold == ports::Hold::none && !capped) continue;
    if (running) {
      process_->give(process_->engine().command(pipeline::Command::release, header.id, "operator"));
    } else {
      release_without_a_process(header);
    }
  }
  if (!machine_.ledger.note(ports::Note::paused).empty()) {
    if (running) process_->give(resume(process_->engine()));
    if (!running) machine_.ledger.apply({ports::PutNote{ports::Note::paused, ""}});
    if (!running) witness_.resumed();
  }
  at(now() + kCareEvery, [this] { care(); });
}

void World::release_without_a_process(ports::JobHeader header) {
  const auto done = pipeline::change_header(pipeline::Command::release, header, scenario_.settings.upstream.base_url,
                                            {.user = "operator"});
  if (done) machine_.ledger.apply({ports::PutHold{std::move(header)}});
}

bool World::accounted_for() const {
  if (files_to_come_ > 0 || !machine_.disk.names(Folder::inbox).empty()) return false;
  std::size_t ended = 0;
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == dropped) continue;
    if (header.state != done && header.state != rejected) return false;
    ++ended;
  }
  return ended >= scenario_.files.size();
}

std::string World::what_is_left() const {
  std::string left;
  for (const auto& [n, header] : machine_.ledger.jobs()) {
    using enum ports::JobState;
    if (header.state == done || header.state == rejected) continue;
    const bool claimed = machine_.disk.find(Folder::state, claimed_name(header.id)) != nullptr;
    left += fmt::format(" [job {}: state {}, hold {}{}, {} of {} rows settled]", to_string(header.id),
                        static_cast<int>(header.state), static_cast<int>(header.hold), claimed ? ", has its file" : "",
                        machine_.ledger.rows(n).size(), header.rows);
  }
  for (const auto& [id, batch] : machine_.ledger.batches()) {
    left += fmt::format(" [batch {} of {}: {} rows{}{}{}, {} sends]", number(id), to_string(batch.job),
                        batch.rows.size(), batch.state == ports::BatchState::planned ? ", fresh" : "",
                        batch.state == ports::BatchState::sending ? ", sending" : "",
                        batch.past.maybe_applied ? ", maybe applied" : "", batch.past.sends);
  }
  for (const auto& [name, file] : machine_.disk.names(Folder::inbox)) left += fmt::format(" [in the inbox: {}]", name);
  if (process_) {
    const auto status = process_->engine().status();
    left += fmt::format(" [line: {}]", pipeline::name(status.pause));
    for (const auto& job : status.jobs)
      left += fmt::format(" [{}: {} unsettled, waits: {}]", to_string(job.id), job.unsettled, job.waits);
  }
  return left;
}

bool World::go_on() {
  if (process_) {
    if (!process_->run_ready()) {
      crashed();
    } else if (process_->exit()) {
      exited();
    }
  }
  if (!witness_.violations().empty() || !machine_.spool_witness.violations.empty()) return false;
  if (until && until(*this)) return false;
  if (accounted_for() && (cleared_ || !scenario_.lingers)) return false;
  if (machine_.timeline.run_next(scenario_.clears_at + kPatience)) return true;
  witness_.violated(fmt::format("stuck {} h after the weather cleared:{}", kPatience / 1h, what_is_left()));
  return false;
}

void World::stop_process() {
  if (!process_ || process_->exit()) return;
  stopping_ = true;
  process_->life().spare();
  process_->engine().stop();
  const Nanos limit = now() + Nanos(scenario_.settings.stop.grace) + 60s;
  while (process_ && process_->run_ready()) {
    if (process_->exit()) {
      exited();
    } else if (!machine_.timeline.run_next(limit)) {
      witness_.violated("stop() does not bring run() back");
      return;
    }
  }
}

Report World::run() {
  set_the_scene();
  start_process();
  while (go_on()) {
  }
  stop_process();
  api_.commit_late();
  Report report;
  report.violations = witness_.violations();
  std::ranges::copy(machine_.spool_witness.violations, std::back_inserter(report.violations));
  if (report.violations.empty() && !until) report.violations = judge_outcome(scenario_, machine_, witness_);
  if (process_) process_gone();
  report.requests = witness_.posts();
  report.crashes = next_crash_;
  report.steps = steps_;
  report.took = now();
  trace_.stamp(steps_);
  report.fingerprint = trace_.fingerprint();
  report.trace = trace_.text();
  return report;
}

}  // namespace sluice::simulation
