#include "witness.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace sluice::simulation {

namespace {
/// A slow probe every 60 s (docs/api.md, What each answer means). Allow for clocks and rounding.
constexpr Nanos kProbeEvery = std::chrono::milliseconds(59'900);
constexpr auto kAroundMidnight = std::chrono::minutes(10);
constexpr Nanos kSlack = std::chrono::milliseconds(100);

/// docs/api.md: honoured wherever it comes with a no, at most an hour.
std::optional<Nanos> retry_after(const orders::HttpReply& reply) {
  if (reply.retry_after.empty() || reply.status < 400) return std::nullopt;
  return std::min<Nanos>(std::chrono::seconds(std::stoll(reply.retry_after)), std::chrono::hours(1));
}
}  // namespace

Witness::Witness(const Scenario& scenario, const LedgerStore& ledger, Trace& trace)
    : scenario_(scenario), ledger_(ledger), trace_(trace) {
  for (const auto& file : scenario.files) files_.emplace(file.name, &file);
}

void Witness::violated(std::string words) {
  violations_.push_back(std::move(words));
}

const FilePlan* Witness::file_of(const std::string& name) const {
  const auto it = files_.find(name);
  return it == files_.end() ? nullptr : it->second;
}

const RowFacts* Witness::facts(std::uint64_t job, std::uint64_t row) const {
  const auto it = rows_.find({job, row});
  return it == rows_.end() ? nullptr : &it->second;
}

bool Witness::carries(const ports::Batch& batch, const std::vector<ArrivedOrder>& orders) const {
  if (!batch.sending || batch.rows.size() != orders.size()) return false;
  const auto job = ledger_.jobs().find(batch.job.n);
  const FilePlan* file = job == ledger_.jobs().end() ? nullptr : file_of(job->second.name);
  if (!file) return false;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const auto row = batch.rows[i].row;
    if (row == 0 || row > file->rows.size() || file->rows[row - 1].wire != orders[i].wire) return false;
    const RowFacts* known = facts(batch.job.n, row);
    if (known && known->in_flight != 0) return false;  // on its way already: that sending has its own announcement
  }
  return true;
}

const ports::Batch* Witness::announced(const std::string& path, const std::vector<ArrivedOrder>& orders) const {
  for (const auto& [id, batch] : ledger_.batches()) {
    const auto job = ledger_.jobs().find(batch.job.n);
    // A job whose survey is under way has batches already, and no service yet.
    if (job == ledger_.jobs().end() || !job->second.service) continue;
    if (orders::service(job->second.service).path != path) continue;
    if (carries(batch, orders)) return &batch;
  }
  return nullptr;
}

std::uint64_t Witness::request_starts(Nanos now, const std::string& path, const std::string& body) {
  const std::uint64_t post = posts_.size() + 1;
  posts_.push_back(Post{.at = now, .rows = {}, .batch = {}});
  check_line(now, post);
  for (const auto& service : orders::services()) {
    if (service.path != path) continue;
    const auto orders = read_body(service, body);
    const ports::Batch* batch = orders ? announced(path, *orders) : nullptr;
    if (!batch) break;
    const auto [first, fresh] = bodies_.try_emplace(batch->id, body);
    posts_.back().batch = batch->id;
    posts_.back().first = fresh;
    if (!fresh && first->second != body) violated(fmt::format("a resend of batch {} differs", number(batch->id)));
    const auto& plans = file_of(ledger_.jobs().at(batch->job.n).name)->rows;
    trace_(now, "request {}: batch {} of job {}, {} rows", post, number(batch->id), to_string(batch->job),
           orders->size());
    check_doubts(*batch, body);
    check_content(batch->job);
    check_caps(now, *batch);
    for (const auto& ref : batch->rows) {
      const RowName name{batch->job.n, ref.row};
      check_row(name, plans[ref.row - 1], now);
      auto& facts = rows_[name];
      facts.posts.push_back(post);
      facts.in_flight = post;
      posts_.back().rows.push_back(name);
    }
    return post;
  }
  violated(fmt::format("I2: a request leaves that the ledger has not announced: {}", body));
  return post;
}

void Witness::check_doubts(const ports::Batch& batch, const std::string& body) {
  for (const auto& doubt : ledger_.doubts()) {
    const auto begin = doubt.order.find('[') + 1;
    const auto order = std::string_view(doubt.order).substr(begin, doubt.order.rfind(']') - begin);
    if (doubt.job != batch.job && body.find(order) != std::string::npos) {
      violated(fmt::format("batch {} of job {} has an order that row {} of job {} left in doubt", number(batch.id),
                           batch.job.n, doubt.row, doubt.job.n));
    }
  }
}

/// Before the batch's rows are noted as sent.
void Witness::check_caps(Nanos now, const ports::Batch& batch) {
  const auto& guard = scenario_.settings.guard;
  const auto& header = ledger_.jobs().at(batch.job.n);
  if (header.released) return;
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
  auto& today = first_sends_[day_number(api_day(wall))];
  for (const auto& ref : batch.rows) {
    const auto* known = facts(batch.job.n, ref.row);
    if (!known || known->posts.empty()) ++today;
  }
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
  if (now < closed_until_) violated(fmt::format("request {} starts before Retry-After is over", post));
  if (paused_) violated(fmt::format("request {} starts although the operator has paused the line", post));
  if (!line_closed_) return;
  if (now - *line_closed_ < kProbeEvery) {
    violated(fmt::format("request {} starts after an answer that closed the line was read", post));
  }
  closed_before_probe_ = std::exchange(line_closed_, now);
  probe_ = post;
}

bool Witness::settled(const RowName& name) const {
  const auto& rows = ledger_.rows(name.job);
  if (rows.contains(name.row)) return true;
  const auto state = ledger_.jobs().at(name.job).state;
  return state == ports::JobState::staged || state == ports::JobState::done;
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

void Witness::applied(std::uint64_t post, std::size_t index) {
  const auto& rows = posts_[post - 1].rows;
  if (index >= rows.size()) return;  // an unannounced request: already a violation
  auto& by = rows_[rows[index]].applied_by;
  if (std::ranges::find(by, post) == by.end()) by.push_back(post);
}

void Witness::concluded(const RowName& name, std::uint64_t post, bool maybe) {
  auto& facts = rows_[name];
  if (facts.in_flight == post) facts.in_flight = 0;
  facts.maybe_applied = facts.maybe_applied || maybe;
}

void Witness::answer_read(Nanos now, std::uint64_t post, const Reply& reply) {
  const auto& rows = posts_[post - 1].rows;
  trace_(now, "request {} is answered {}", post, reply.http.status);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool has_row = reply.certainty == Certainty::rows && reply.has_row[i];
    concluded(rows[i], post, reply.certainty != Certainty::not_applied && !has_row);
    if (has_row && reply.untold[i]) rows_[rows[i]].untold = true;
  }
  // The engine may read it a moment later than it was there.
  if (const auto wait = retry_after(reply.http)) closed_until_ = std::max(closed_until_, now + *wait - kSlack);
  if (reply.closes_line) {
    // What was under way when the line closed says nothing new: the probe is due by the first such answer.
    const Nanos started = posts_[post - 1].at;
    if (started >= credential_since_ && (!line_closed_ || started >= *line_closed_)) line_closed_ = now;
  } else if (line_closed_ && post == probe_) {
    line_closed_.reset();
  }
}

void Witness::broke(std::uint64_t post, bool bytes_out) {
  const Post& sent = posts_[post - 1];
  for (const auto& row : sent.rows) concluded(row, post, bytes_out);
  if (!bytes_out && sent.first) bodies_.erase(sent.batch);  // nothing was sent that a later one could differ from
  // A probe of which no byte went out was none: the next one may follow at once.
  if (!bytes_out && line_closed_ && post == probe_) line_closed_ = closed_before_probe_;
}

void Witness::process_died() {
  for (auto& [name, facts] : rows_) {
    if (facts.in_flight != 0) concluded(name, facts.in_flight, true);
  }
  // An answer that was read but is not durable is lost: what the ledger still calls *sending* may have been applied.
  for (const auto& [id, batch] : ledger_.batches()) {
    if (!batch.sending) continue;
    for (const auto& ref : batch.rows) {
      const auto sent = rows_.find({batch.job.n, ref.row});
      if (sent == rows_.end()) continue;
      sent->second.maybe_applied = true;
      sent->second.untold = false;
    }
  }
  paused_ = !ledger_.note("paused").empty();
  line_may_open();
}

std::uint64_t Witness::posts_between(Nanos from, Nanos to) const {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(posts_, [&](const Post& post) { return post.at >= from && post.at < to; }));
}

std::uint64_t Witness::rows_maybe_applied() const {
  return static_cast<std::uint64_t>(
      std::ranges::count_if(rows_, [](const auto& entry) { return entry.second.maybe_applied; }));
}

bool Witness::overlapped(std::uint64_t job, std::uint64_t row, const std::string& key) const {
  const auto fate = std::ranges::find(scenario_.fates, key, [](const auto& entry) { return entry.first; });
  if (fate != scenario_.fates.end() && fate->second.status == 6) return true;
  return std::ranges::any_of(rows_, [&](const auto& entry) {
    const auto& [name, facts] = entry;
    if (facts.applied_by.empty() || name == RowName{job, row}) return false;
    return file_of(ledger_.jobs().at(name.job).name)->rows[name.row - 1].key == key;
  });
}

}  // namespace sluice::simulation
