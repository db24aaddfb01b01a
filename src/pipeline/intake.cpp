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
/// Files that are read at once; and of those so small that each is read in a moment, which share what a claim costs.
/// Whatever one owner drops, another one's file is read beside it.
struct Surveys {
  std::size_t most;
  std::size_t most_of_one_owner;
};
constexpr Surveys kLarge{.most = 8, .most_of_one_owner = 3};
constexpr Surveys kSmall{.most = 64, .most_of_one_owner = 48};
constexpr std::uint64_t kSmallBytes = 64 << 10;
bool is_small(const ports::FileIdentity& file) {
  return file.size <= kSmallBytes;
}
constexpr std::size_t kMostShown = 100;  // of those that wait, in status and log; the others are counted
constexpr auto kSoon = std::chrono::milliseconds(500);
constexpr auto kRestTime = std::chrono::seconds(10);  // ARCHITECTURE.md, The life of a job
constexpr auto kLongWait = kRestTime + std::chrono::seconds(5);

}  // namespace

Intake::Intake(Parts parts)
    : parts_(std::move(parts)), long_waits_(kLongWait), claims_(parts_.executor, parts_.clock) {}

Intake::Room Intake::room_for(const InboxEntry& entry) const {
  const bool small = is_small(entry.identity);
  std::size_t surveys = 0;
  std::size_t of_its_owner = 0;
  const auto count = [&](const ports::JobHeader& header, std::optional<std::uint32_t> owner) {
    if (is_small(header.source) != small) return;
    ++surveys;
    of_its_owner += owner == entry.owner ? 1 : 0;
  };
  for (const auto& [id, job] : parts_.jobs) {
    if (job->header.state < JobState::sending && !job->held()) count(job->header, job->owner);
  }
  for (const auto& next : next_) count(next.header, next.owner);
  const auto& limit = small ? kSmall : kLarge;
  // Jobs at work keep files open and batches in memory; what is beyond waits where people can see it.
  if (parts_.jobs.size() + next_.size() >= kMostJobs || surveys >= limit.most) return Room::none;
  return of_its_owner >= limit.most_of_one_owner ? Room::not_for_its_owner : Room::some;
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
  put_off_.forget_over(parts_.clock.now());
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
  if (waiting != std::exchange(waiting_, waiting)) parts_.changed();
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
  parts_.changed();
}

/// What is gone waits for nothing: its owner took it back, or another host of the spool was quicker.
void Intake::wait_unless_gone(const std::string& name, const Error& why) {
  if (why.kind != ErrorKind::missing) wait_with_words(name, why.words);
}

/// Takes what it needs off what is free.
bool Intake::has_room(const InboxEntry& entry) {
  if (entry.identity.size > parts_.settings.inbox.max_bytes) return true;  // it will be rejected
  // Results, failures and in-doubt together are as large as the file and its result columns: asked for now, because
  // orders that are placed must be reported.
  const auto taken = 2 * entry.identity.size;
  const auto need = taken + kSpareRoom;
  if (free_ && *free_ >= need) {
    *free_ -= taken;
    return true;
  }
  wait_with_words(entry.name, free_ ? words::room_needed(text::size_words(need), text::size_words(*free_))
                                    : words::room_unknown(free_.error().words));
  return false;
}

/// An error of the rename does not say how far it came. Until that is known the job is neither dropped nor started.
Task<bool> Intake::is_taken(const Announced& file, const Error& why_not) {
  auto header = file.header;
  auto timer = parts_.clock.timer();
  auto completed = co_await parts_.spool.claim_completed(header.id, header.name, header.source);
  while (!completed && !parts_.stop.asked()) {  // dropped only when it is known not to have happened
    wait_with_words(header.name, completed.error().words);
    co_await timer->wait(parts_.clock.now() + kSoon);
    completed = co_await parts_.spool.claim_completed(header.id, header.name, header.source);
  }
  if (!completed) co_return false;  // the next start finds out
  if (*completed) co_return true;
  // The number stays used: names in the outbox and the log must mean one job for ever.
  header.state = JobState::dropped;
  co_await parts_.journal.commit_surely({ports::PutJob{header}});
  wait_unless_gone(header.name, why_not);
  put_off_.add(header.source, header.name, why_not.kind, parts_.clock.now());
  co_return false;
}

Task<void> Intake::take(Announced file) {
  // The ledger knows the job and the inode before the rename: a claimed file that no ledger knows is never sent.
  SLUICE_FAILPOINT("intake.announced");
  const auto taken = co_await file.candidate->take(file.header.id);
  file.candidate.reset();
  if (!taken && !co_await is_taken(file, taken.error())) co_return;
  auto bytes = co_await parts_.spool.read(file.header.id);
  auto job = std::make_unique<Job>();
  job->header = std::move(file.header);
  job->owner = file.owner;
  job->shows_progress = false;
  if (bytes) job->file = std::move(*bytes);  // else its worker tries again
  job->changed = parts_.clock.timer();
  auto& placed = *(parts_.jobs[job->id()] = std::move(job));
  spdlog::info("{}", text::about(placed.id(), words::file_taken(placed.id(), text::shown(placed.header.name, 80),
                                                                text::size_words(placed.header.source.size))));
  waiting_.erase(placed.header.name);
  claimed_.insert(placed.header.name);
  parts_.claimed(placed);
}

Task<void> Intake::open(InboxEntry entry) {
  if (!has_room(entry)) co_return;
  auto candidate = co_await parts_.spool.open(entry);
  if (!candidate) {
    wait_unless_gone(entry.name, candidate.error());
    co_return;
  }
  ports::JobHeader header;
  header.name = entry.name;
  header.state = JobState::claiming;
  header.source = (*candidate)->identity();
  next_.push_back({.header = std::move(header), .owner = entry.owner, .candidate = std::move(*candidate)});
}

Task<void> Intake::claim() {
  auto files = std::exchange(next_, {});
  if (files.empty()) co_return;
  // From the ledger, whose count is of all hosts and outlives every job: a number that came twice would give two jobs
  // one name in the outbox.
  auto number = co_await parts_.journal.ledger().reserve_jobs(files.size());
  if (!number) {
    parts_.journal.note(number.error());
    co_return;
  }
  const auto wall = parts_.clock.wall();
  for (auto& file : files) {
    file.header.id = {.day = day_number(api_day(wall)), .n = (*number)++};
    file.header.claimed_at = wall;
  }
  std::vector<ports::Change> changes;
  for (const auto& file : files) changes.emplace_back(ports::PutJob{file.header});
  // One try: nothing has moved yet, and the files are safe where they are.
  if (!co_await parts_.journal.commit(std::move(changes))) co_return;
  // Side by side: what makes each rename durable is shared by those that wait for it together.
  for (auto& file : files) claims_.spawn(take(std::move(file)));
  co_await claims_.join();
}

/// Those for which there is room. What is left of the entries waits for its turn.
Task<void> Intake::claim_some(std::vector<InboxEntry>& entries) {
  std::set<std::pair<bool, std::uint32_t>> had_their_share;
  std::set<bool> full;
  std::vector<InboxEntry> left;
  free_ = co_await parts_.spool.free_bytes();
  for (auto& entry : entries) {
    if (put_off_.has(entry, parts_.clock.now())) continue;
    const bool small = is_small(entry.identity);
    if (parts_.stop.asked() || full.contains(small) || had_their_share.contains({small, entry.owner})) {
      left.push_back(std::move(entry));
      continue;
    }
    // Asked for each: the one before it may have filled the last place.
    const auto room = room_for(entry);
    if (room == Room::none) full.insert(small);
    if (room == Room::not_for_its_owner) had_their_share.insert({small, entry.owner});
    if (room == Room::some) {
      co_await open(std::move(entry));
    } else {
      left.push_back(std::move(entry));
    }
  }
  co_await claim();
  entries = std::move(left);
}

/// As long as what the scan saw is fresh, whoever waits for room needs no other: each is looked at anew when it is
/// opened.
Task<Intake::Claimed> Intake::claim_all(std::vector<InboxEntry> entries) {
  const auto stale = parts_.clock.now() + kSoon;
  std::erase_if(entries, [](const InboxEntry& entry) { return !entry.ready; });
  const auto ready = entries.size();
  claimed_.clear();
  co_await claim_some(entries);
  while (!entries.empty() && !parts_.stop.asked() && !parts_.journal.fatal() && parts_.clock.now() < stale) {
    co_await parts_.spool.wait_for_change(stale);
    co_await claim_some(entries);
  }
  co_return Claimed{
      .files = claimed_, .some_wait = !entries.empty(), .some_failed = ready > claimed_.size() + entries.size()};
}

Task<void> Intake::run() {
  while (!parts_.stop.asked() && !parts_.journal.fatal()) {
    auto inbox = co_await scan();
    bool more = false;
    if (inbox) more = (co_await claim_all(std::move(inbox->entries))).some_wait;
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
    if (!inbox) inbox.emplace();
    std::erase_if(inbox->entries, [&](const InboxEntry& entry) { return !names->contains(entry.name); });
    waits = waits || (in_time && !std::ranges::all_of(inbox->entries, &InboxEntry::ready));
    const auto claimed = co_await claim_all(std::move(inbox->entries));
    for (const auto& name : claimed.files) names->erase(name);
    waits = waits || claimed.some_wait || (in_time && claimed.some_failed);
    if (!waits) {
      log_left_behind(*names);
      co_return claimed.some_failed ? Inbox::left : Inbox::taken;
    }
    co_await parts_.spool.wait_for_change(parts_.clock.now() + kSoon);
  }
  co_return Inbox::left;
}

}  // namespace sluice::pipeline
