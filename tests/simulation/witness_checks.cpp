// What must hold of a request at the moment it leaves.
#include <algorithm>
#include <utility>

#include "witness.hpp"

namespace sluice::simulation {

namespace {
/// A slow probe every 60 s (docs/api.md, What each answer means). Allow for clocks and rounding.
constexpr Nanos kProbeEvery = std::chrono::milliseconds(59'900);
constexpr auto kAroundMidnight = std::chrono::minutes(10);
}  // namespace

void Witness::check_doubts(const ports::Batch& batch, const std::string& body) {
  for (const auto& doubt : ledger_.doubts()) {
    const auto begin = doubt.order.find('[') + 1;
    const auto order = std::string_view(doubt.order).substr(begin, doubt.order.rfind(']') - begin);
    if (doubt.job == batch.job || doubt.looked_up == ports::LookedUp::not_applied) continue;
    if (body.find(order) != std::string::npos) {
      violated(fmt::format("batch {} of job {} has an order that row {} of job {} left in doubt", number(batch.id),
                           batch.job.n, doubt.row, doubt.job.n));
    }
  }
}

/// Before the batch's rows are noted as sent.
void Witness::check_caps(Nanos now, const ports::Batch& batch, Post& post) {
  const auto& guard = scenario_.settings.guard;
  const auto& header = ledger_.jobs().at(batch.job.n);
  if (header.ruling == ports::Ruling::released) return;
  const auto& plans = file_of(header.name)->rows;
  const auto good = std::ranges::count_if(plans, [](const RowPlan& row) { return !row.invalid && !row.duplicate; });
  // Of several files, one may have rows that another has left in doubt: they don't count.
  const bool alone = scenario_.files.size() == 1;
  if (alone && guard.max_orders_per_file > 0 && static_cast<std::uint64_t>(good) > guard.max_orders_per_file)
    violated(fmt::format("job {} goes out with {} orders, more than max_orders_per_file", batch.job.n, good));
  // Where somebody sets the clock, no day is the day it was.
  const bool clock_is_set = std::ranges::count(scenario_.deeds, Deed::wall_jump, &DeedPlan::deed) > 0;
  if (guard.max_orders_per_day == 0 || clock_is_set) return;
  const WallTime wall = scenario_.starts + std::chrono::floor<Millis>(now);
  // What was chosen just before midnight may leave just after it.
  if (day_number(api_day(wall)) != day_number(api_day(wall - kAroundMidnight))) return;
  post.day = day_number(api_day(wall));
  post.first_sends = static_cast<std::uint64_t>(std::ranges::count_if(batch.rows, [&](const auto& ref) {
    const auto* known = facts(batch.job.n, ref.row);
    return !known || known->posts.empty();
  }));
  auto& today = first_sends_[post.day];
  today += post.first_sends;
  if (today > guard.max_orders_per_day)
    violated(fmt::format("{} orders went out in a day, more than max_orders_per_day", today));
}

/// Two files with one content: what may have placed an order of it forbids the other.
void Witness::check_content(JobId job) {
  if (scenario_.settings.inbox.duplicate_file == config::DuplicateFile::process) return;
  const FilePlan* file = file_of(ledger_.jobs().at(job.n).name);
  for (const auto& [n, other] : ledger_.jobs()) {
    const FilePlan* its_file = file_of(other.name);
    if (n == job.n || !its_file || its_file->content != file->content) continue;
    using enum records::Outcome;
    std::uint64_t placed = 0;
    for (const auto outcome : {accepted, accepted_earlier, in_doubt}) placed += other.counts[outcome];
    const auto sent = rows_.lower_bound({n, 0});
    const bool at_work = other.state == ports::JobState::sending && sent != rows_.end() && sent->first.job == n;
    if (placed > 0 || at_work) violated(fmt::format("jobs {} and {} send the same content", n, job.n));
  }
}

void Witness::check_line(Nanos now, std::uint64_t post) {
  const Owner by = posts_[post - 1].by;
  if (std::ranges::any_of(closures_, [&](const Closure& c) { return now < c.until && c.by == by; }))
    violated(fmt::format("request {} starts before Retry-After is over", post));
  // Another host may have announced it before the pause.
  if (paused_ && !belongs_to)
    violated(fmt::format("request {} starts although the operator has paused the line", post));
  auto& line = lines_[by];
  // A pause that ends ends for all hosts, some time after its operator has heard that it is over.
  const bool resumed = belongs_to && std::ranges::count(scenario_.deeds, Deed::pause, &DeedPlan::deed) +
                                             std::ranges::count(scenario_.deeds, Deed::resume, &DeedPlan::deed) >
                                         0;
  if (!line.closed || resumed) return;
  if (now - *line.closed < kProbeEvery) {
    violated(fmt::format("request {} starts after an answer that closed the line was read", post));
  }
  line.closed_before_probe = std::exchange(line.closed, now);
  line.probe = post;
}

void Witness::check_row(const RowName& name, const RowPlan& plan, Nanos now) {
  const auto& facts = rows_[name];
  const auto where = [&] {
    return fmt::format("row {} of job {} at {} s", name.row, name.job, static_cast<double>(now.count()) / 1e9);
  };
  if (settled(name)) violated("I3: sent again although its settlement is durable: " + where());
  if (plan.invalid || plan.duplicate) violated("an invalid or duplicate row was sent: " + where());
  if (facts.untold) violated("I3: sent again although its answer was a status that tells nothing: " + where());
  if (facts.in_flight != 0) violated("I3: sent while it is in flight: " + where());
  if (facts.maybe_applied && scenario_.settings.retry.in_doubt == config::InDoubt::hold) {
    violated("I3: sent again on `hold` although it may have been applied: " + where());
  }
  const auto& header = ledger_.jobs().at(name.job);
  auto& same_key = by_key_[fmt::format("{}/{}", orders::service(header.service).name, plan.key)];
  for (const auto& other : same_key) {
    if (other == name) continue;
    const auto& other_facts = rows_[other];
    if (other_facts.in_flight != 0 || (other_facts.maybe_applied && !settled(other))) {
      violated(fmt::format("one at a time: {} while row {} of job {} with its key is unsettled", where(), other.row,
                           other.job));
    }
  }
  if (std::ranges::find(same_key, name) == same_key.end()) same_key.push_back(name);
}

}  // namespace sluice::simulation
