// What is kept of orders and files, and until when: keep.*.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "engine_impl.hpp"
#include "sluice/config/units.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

using ports::JobState;
using ports::Task;

struct Aged {
  ports::Kept kept;
  JobState state;  ///< of the jobs that have files there
  Millis config::Settings::Keep::* age;
  const char* folder;
};

namespace {

constexpr auto kLookAgain = std::chrono::hours(24);
// A job's end is noted when its results are staged; a file in their way may keep it from being done for days.
constexpr auto kDoneLate = std::chrono::days(30);

constexpr Aged kAged[] = {
    {ports::Kept::archive, JobState::done, &config::Settings::Keep::archive, "archive/"},
    {ports::Kept::outbox, JobState::done, &config::Settings::Keep::outbox, "outbox/"},
    {ports::Kept::rejected, JobState::rejected, &config::Settings::Keep::rejected, "rejected/"},
};

}  // namespace

Task<Result<PlacedBefore>> Engine::Impl::placed_before(std::vector<std::string> elements) {
  if (settings_.guard.placed_before == config::PlacedBefore::send) co_return PlacedBefore{};
  co_return co_await pipeline::placed_before(ports_.ledger, marks_of(ports_.spool.secret(), elements),
                                             ports_.clock.wall() - settings_.keep.orders, std::nullopt);
}

/// Whether nobody has said of all its orders in doubt what became of them: then its files are what there is to look at.
Task<bool> Engine::Impl::is_in_doubt(const ports::JobHeader& job) {
  if (job.counts[records::Outcome::in_doubt] == 0) co_return false;
  const auto part = co_await looked_up_part(ports_.ledger, job.id);
  co_return !part || *part == LookedUpPart::none_or_some;
}

/// The oldest go first. Those that went long ago are not asked for again while this process runs.
Task<void> Engine::Impl::remove_old(const Aged& aged) {
  const auto age = settings_.keep.*aged.age;
  if (age == Millis{0} || stop_.asked()) co_return;  // for ever
  auto& since = removed_until_[std::to_underlying(aged.kept)];
  const auto before = ports_.clock.wall() - age;
  const auto old = co_await ports_.ledger.jobs_ended(aged.state, since, before);
  if (!old) co_return;
  std::size_t files = 0;
  std::size_t jobs = 0;
  bool all = true;
  for (const auto& job : *old) {
    const bool stays = stop_.asked() || co_await is_in_doubt(job);
    all = all && !stays;
    if (stays) continue;
    const auto removed = co_await ports_.spool.remove(job.id, job.name, aged.kept);
    if (!removed) {
      spdlog::warn("{}", text::words::keep_failed(removed.error().words));
      all = false;
      break;
    }
    files += *removed;
    jobs += *removed > 0 ? 1 : 0;
  }
  if (all) since = std::max(since, WallTime(before - kDoneLate));
  if (files > 0) {
    spdlog::info("{}", text::words::keep_removed(files, jobs, config::duration_text(age), aged.folder));
  }
}

/// Once a day. What can't be done now is done the next time.
Task<void> Engine::Impl::forget_old() {
  while (!stop_.asked() && !journal_.fatal()) {
    const auto before = ports_.clock.wall() - settings_.keep.orders;
    (void)co_await journal_.commit({ports::ForgetHistory{before}});
    for (const auto& aged : kAged) co_await remove_old(aged);
    // Sooner after a reload, which may have made an age shorter.
    if (!stop_.asked()) co_await old_->wait(ports_.clock.now() + kLookAgain);
  }
}

}  // namespace sluice::pipeline
