#include "intake.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

#include "sluice/base/failpoint.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;

using ports::InboxEntry;
using ports::JobState;
using ports::Task;

constexpr std::size_t kMostJobs = 512;  // at work at once; the others wait in the inbox
constexpr std::size_t kMostSurveys = 8;
constexpr std::size_t kMostOfOneOwner = 3;  // surveys: whatever somebody drops, another one's file is read beside it
constexpr std::size_t kMostShown = 100;     // of those that wait, in status and log; the others are counted
constexpr auto kSoon = std::chrono::milliseconds(500);
constexpr auto kTryAgain = std::chrono::seconds(5);
constexpr auto kTryAgainForbidden = std::chrono::hours(1);
constexpr auto kRestTime = std::chrono::seconds(10);  // ARCHITECTURE.md, The life of a job
constexpr auto kLongWait = kRestTime + std::chrono::seconds(5);

}  // namespace

Intake::Intake(Parts parts) : parts_(std::move(parts)), long_waits_(kLongWait) {}

Intake::Room Intake::room_for(const InboxEntry& entry) const {
  std::size_t surveys = 0;
  std::size_t of_its_owner = 0;
  for (const auto& [id, job] : parts_.jobs) {
    if (job->header.state >= JobState::sending || job->held()) continue;
    ++surveys;
    of_its_owner += job->owner == entry.owner ? 1 : 0;
  }
  // Jobs at work keep files open and batches in memory; what is beyond waits where people can see it.
  if (parts_.jobs.size() >= kMostJobs || surveys >= kMostSurveys) return Room::none;
  return of_its_owner >= kMostOfOneOwner ? Room::not_for_its_owner : Room::some;
}

bool Intake::is_put_off(const InboxEntry& entry) const {
  const auto at = put_off_.find(entry.name);
  return at != put_off_.end() && (parts_.clock.now() < at->second.at_least || at->second.file == entry.identity);
}

/// What a mode or an attribute of the file forbids stays so until somebody changes that, and with it the file's ctime.
void Intake::put_off(const ports::FileIdentity& file, const std::string& name, ErrorKind why) {
  if (why == ErrorKind::changed || why == ErrorKind::missing) return;  // over in a moment: what its writer did
  const auto now = parts_.clock.now();
  const Nanos most = why == ErrorKind::permission ? Nanos(kTryAgainForbidden) : Nanos(kTryAgain);
  put_off_[name] = {.file = file, .at_least = now + kTryAgain, .at_most = now + most};
}

/// Those that wait, by name, each with why: the first hundred, and how many more.
std::map<std::string, std::string> Intake::waiting_of(const ports::InboxScan& inbox) {
  std::map<std::string, std::string> waiting;
  std::size_t more = inbox.also_wait;
  for (const auto& entry : inbox.entries) {
    if (entry.ready) continue;
    if (waiting.size() < kMostShown) {
      waiting[entry.name] = entry.waits_for;
    } else {
      ++more;
    }
  }
  if (more > 0) waiting[""] = words::more_files_wait(more);
  return waiting;
}

Task<Result<ports::InboxScan>> Intake::scan() {
  // A claim that failed for a reason of its own is not tried at every scan: each try costs a job number and a line in
  // the ledger.
  std::erase_if(put_off_, [now = parts_.clock.now()](const auto& name) { return name.second.at_most <= now; });
  auto inbox = co_await parts_.spool.scan();
  if (!inbox) {
    wait_with_words("", inbox.error().words);
    if (inbox.error().kind == ErrorKind::changed) parts_.journal.note(inbox.error());
    co_return inbox;
  }
  auto waiting = waiting_of(*inbox);
  auto may_pass = waiting;
  for (const auto& entry : inbox->entries) {
    if (!entry.stays || !waiting.contains(entry.name)) continue;
    wait_with_words(entry.name, entry.waits_for);
    may_pass.erase(entry.name);
  }
  for (const auto& name : long_waits_.look(may_pass, parts_.clock.now())) tell_waiting(name, waiting[name]);
  for (const auto& entry : inbox->entries) {
    // Ready now, but not taken yet: what is said of it stands until it is, so that `status` does not flicker.
    if (const auto before = waiting_.find(entry.name); entry.ready && before != waiting_.end()) waiting.insert(*before);
  }
  waiting_ = std::move(waiting);
  co_return inbox;
}

void Intake::tell_waiting(const std::string& name, const std::string& why) {
  spdlog::warn("{}", name.empty() ? words::inbox_is(why) : words::file_not_taken(text::shown(name, 80), why));
}

/// In the status for as long as it is so, and once in the log; of a crowd, the first.
void Intake::wait_with_words(const std::string& name, const std::string& why) {
  if (waiting_.size() > kMostShown && !waiting_.contains(name)) return;
  auto& shown = waiting_[name];
  if (shown == why) return;
  tell_waiting(name, why);
  shown = why;
}

Task<bool> Intake::has_room(const InboxEntry& entry) {
  if (entry.identity.size > parts_.settings.inbox.max_bytes) co_return true;  // it will be rejected
  // Results, failures and in-doubt together are as large as the file and its result columns: asked for now, because
  // orders that are placed must be reported.
  const auto need = 2 * entry.identity.size + kSpareRoom;
  const auto free = co_await parts_.spool.free_bytes();
  if (free && *free >= need) co_return true;
  wait_with_words(entry.name, free ? words::room_needed(text::size_words(need), text::size_words(*free))
                                   : words::room_unknown(free.error().words));
  co_return false;
}

Task<Intake::Claim> Intake::take(ports::JobHeader header, std::uint32_t owner,
                                 std::unique_ptr<ports::Candidate> candidate) {
  // The ledger knows the job and the inode before the rename: a claimed file that no ledger knows is never sent.
  SLUICE_FAILPOINT("intake.announced");
  const auto taken = co_await candidate->take(header.id);
  candidate.reset();
  if (!taken) {
    // An error does not say how far the rename came. Until that is known the job is neither dropped nor started.
    auto completed = co_await parts_.spool.claim_completed(header.id, header.name, header.source);
    while (!completed && !parts_.stop.asked()) {  // dropped only when it is known not to have happened
      wait_with_words(header.name, completed.error().words);
      co_await parts_.spool.wait_for_change(parts_.clock.now() + kSoon);
      completed = co_await parts_.spool.claim_completed(header.id, header.name, header.source);
    }
    if (!completed) co_return Claim::not_now;  // the next start finds out
    if (!*completed) {
      // The number stays used: names in the outbox and the log must mean one job for ever.
      header.state = JobState::dropped;
      co_await parts_.journal.commit_surely({ports::PutJob{header}});
      wait_with_words(header.name, taken.error().words);
      put_off(header.source, header.name, taken.error().kind);
      co_return Claim::not_now;
    }
  }
  auto file = co_await parts_.spool.read(header.id);
  auto job = std::make_unique<Job>();
  job->header = std::move(header);
  job->owner = owner;
  if (file) job->file = std::move(*file);  // else its worker tries again
  job->changed = parts_.clock.timer();
  auto& placed = *(parts_.jobs[job->id()] = std::move(job));
  spdlog::info("{}", text::about(placed.id(), words::file_taken(placed.id(), text::shown(placed.header.name, 80),
                                                                text::size_words(placed.header.source.size))));
  parts_.claimed(placed);
  co_return Claim::made;
}

Task<Intake::Claim> Intake::claim(InboxEntry entry) {
  if (!co_await has_room(entry)) co_return Claim::not_now;
  auto candidate = co_await parts_.spool.open(entry);
  if (!candidate) {
    wait_with_words(entry.name, candidate.error().words);
    co_return Claim::not_now;
  }
  ports::JobHeader header;
  const auto wall = parts_.clock.wall();
  header.id = {.day = day_number(api_day(wall)), .n = parts_.next_job()};
  header.name = entry.name;
  header.state = JobState::claiming;
  header.source = (*candidate)->identity();
  header.claimed_at = wall;
  // One try: nothing has moved yet, and the file is safe where it is.
  if (!co_await parts_.journal.commit({ports::PutJob{header}})) co_return Claim::not_now;
  const auto made = co_await take(std::move(header), entry.owner, std::move(*candidate));
  if (made == Claim::made) waiting_.erase(entry.name);
  co_return made;
}

/// True: some wait for their turn.
Task<bool> Intake::claim_all(std::vector<InboxEntry> entries) {
  std::set<std::uint32_t> had_their_share;
  for (auto& entry : entries) {
    if (!entry.ready || is_put_off(entry) || had_their_share.contains(entry.owner)) continue;
    // Asked for each: the claim before this one may have filled the last place.
    const auto room = room_for(entry);
    if (parts_.stop.asked() || room == Room::none) co_return true;
    if (room == Room::not_for_its_owner) had_their_share.insert(entry.owner);
    if (room == Room::some) co_await claim(std::move(entry));
  }
  co_return !had_their_share.empty();
}

Task<void> Intake::run() {
  while (!parts_.stop.asked() && !parts_.journal.fatal()) {
    auto inbox = co_await scan();
    bool more = false;
    if (inbox) more = co_await claim_all(std::move(inbox->entries));
    if (parts_.stop.asked()) break;
    const auto pause = more || !waiting_.empty() ? Nanos(kSoon) : Nanos(parts_.settings.inbox.scan_every);
    co_await parts_.spool.wait_for_change(parts_.clock.now() + pause);
  }
}

void Intake::log_left_behind(const std::set<std::string>& names) const {
  for (const auto& [name, why] : waiting_) {
    if (names.contains(name)) spdlog::warn("{}", words::file_left(text::shown(name, 80), why));
  }
}

Task<Intake::Inbox> Intake::once() {
  const auto started = parts_.clock.now();
  const auto rest = std::max<Nanos>(parts_.settings.inbox.settle, kRestTime) + kSoon;
  std::optional<std::set<std::string>> names;  // what was there at the start
  while (!parts_.stop.asked() && !parts_.journal.fatal()) {
    const bool in_time = parts_.clock.now() - started < rest;
    auto inbox = co_await scan();
    if (!inbox && !in_time) co_return Inbox::left;
    if (inbox && !names) {
      // What arrives later is the next run's: a writer that never stops must not keep drain from ending.
      names.emplace();
      for (const auto& entry : inbox->entries) names->insert(entry.name);
    }
    bool waits = !inbox || (in_time && inbox->also_wait > 0);
    bool failed = false;
    if (!inbox) inbox.emplace();
    for (auto& entry : inbox->entries) {
      if (!names->contains(entry.name)) continue;
      const auto name = entry.name;
      const bool ready = entry.ready;
      const bool full = room_for(entry) != Room::some;
      if (ready && !full && !is_put_off(entry) && co_await claim(std::move(entry)) == Claim::made) {
        names->erase(name);
        continue;
      }
      waits = waits || full || in_time;
      failed = failed || ready;
    }
    if (!waits) {
      log_left_behind(*names);
      co_return failed ? Inbox::left : Inbox::taken;
    }
    co_await parts_.spool.wait_for_change(parts_.clock.now() + kSoon);
  }
  co_return Inbox::left;
}

std::vector<std::string> LongWaits::look(const std::map<std::string, std::string>& waiting, Boottime now) {
  std::erase_if(waits_, [&](const auto& entry) { return !waiting.contains(entry.first); });
  std::vector<std::string> due;
  for (const auto& [name, why] : waiting) {
    auto& wait = waits_[name];
    if (wait.why != why) wait = {.why = why, .report_at = now + patience_};
    if (!wait.report_at || now < *wait.report_at) continue;
    wait.report_at.reset();
    due.push_back(name);
  }
  return due;
}

}  // namespace sluice::pipeline
