// What is kept of orders and files, and until when: keep.*.
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <ranges>

#include "engine_impl.hpp"
#include "sluice/config/units.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

using ports::JobState;
using ports::Task;

namespace {

constexpr auto kLookAgain = std::chrono::hours(24);

struct Aged {
  ports::Kept kept;
  JobState state;  ///< of the jobs that have files there
  Millis config::Settings::Keep::* age;
  const char* folder;
};
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
  const auto said = co_await ports_.ledger.note({ports::JobNote::resolved, job.id});
  co_return !said || !all_looked_up(*said);
}

/// Of these jobs, newest first: the oldest go first.
Task<void> Engine::Impl::remove_old(const std::vector<ports::JobHeader>& ended) {
  for (const auto& aged : kAged) {
    const auto age = settings_.keep.*aged.age;
    if (age == Millis{0}) continue;  // for ever
    std::size_t files = 0;
    std::size_t jobs = 0;
    for (const auto& job : ended | std::views::reverse) {
      if (stop_.asked()) co_return;
      const bool old = job.finished_at && *job.finished_at < ports_.clock.wall() - age;
      if (!old || job.state != aged.state || co_await is_in_doubt(job)) continue;
      const auto removed = co_await ports_.spool.remove(job.id, job.name, aged.kept);
      if (!removed) {
        spdlog::warn("{}", text::words::keep_failed(removed.error().words));
        break;
      }
      files += *removed;
      jobs += *removed > 0 ? 1 : 0;
    }
    if (files > 0) {
      spdlog::info("{}", text::words::keep_removed(files, jobs, config::duration_text(age), aged.folder));
    }
  }
}

/// Once a day. What can't be done now is done the next time.
Task<void> Engine::Impl::forget_old() {
  while (!stop_.asked() && !journal_.fatal()) {
    const auto before = ports_.clock.wall() - settings_.keep.orders;
    (void)co_await journal_.commit({ports::ForgetHistory{before}});
    const bool any = std::ranges::any_of(kAged, [this](const auto& a) { return settings_.keep.*a.age > Millis{0}; });
    if (any && !stop_.asked()) {
      const auto ended = co_await ports_.ledger.ended_jobs(SIZE_MAX);
      if (ended) co_await remove_old(*ended);
    }
    // Sooner after a reload, which may have made an age shorter.
    if (!stop_.asked()) co_await old_->wait(ports_.clock.now() + kLookAgain);
  }
}

}  // namespace sluice::pipeline
