#include "witness.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

namespace sluice::simulation {

namespace {
constexpr Nanos kSlack = std::chrono::milliseconds(100);
/// By then the gate's file has been told what an answer says, though somebody else may have had its lock for a while.
constexpr Nanos kToldWithin = std::chrono::milliseconds(50);

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
  if (batch.state != ports::BatchState::sending || batch.rows.size() != orders.size()) return false;
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

std::uint64_t Witness::request_starts(Nanos now, const std::string& path, const std::string& body, Owner by) {
  const std::uint64_t post = posts_.size() + 1;
  posts_.push_back(Post{.at = now, .by = by, .rows = {}, .batch = {}});
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
    if (belongs_to && !belongs_to(by, batch->job))
      violated(fmt::format("a host sends batch {} of job {}, which another host has", number(batch->id), batch->job.n));
    check_doubts(*batch, body);
    check_content(batch->job);
    check_caps(now, *batch, posts_.back());
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

bool Witness::settled(const RowName& name) const {
  const auto& rows = ledger_.rows(name.job);
  if (rows.contains(name.row)) return true;
  const auto state = ledger_.jobs().at(name.job).state;
  return state == ports::JobState::staged || state == ports::JobState::done;
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
  facts.turned_away = false;
  facts.maybe_applied = facts.maybe_applied || maybe;
}

void Witness::answer_read(Nanos now, std::uint64_t post, const Reply& reply) {
  const auto& sent = posts_[post - 1];
  const auto& rows = sent.rows;
  trace_(now, "request {} is answered {}", post, reply.http.status);
  if (sent.disowned) return;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool has_row = reply.certainty == Certainty::rows && reply.has_row[i];
    concluded(rows[i], post, reply.certainty != Certainty::not_applied && !has_row);
    rows_[rows[i]].turned_away = reply.consumes_nothing;
    if (has_row && reply.untold[i]) rows_[rows[i]].untold = true;
  }
  // The engine may read it a moment later than it was there.
  if (const auto wait = retry_after(reply.http))
    closures_.push_back({.read_at = now, .until = now + *wait - kSlack, .by = sent.by});
  auto& line = lines_[sent.by];
  if (reply.closes_line) {
    // What was under way when the line closed says nothing new: the probe is due by the first such answer.
    if (sent.at >= line.credential_since && (!line.closed || sent.at >= *line.closed)) line.closed = now;
  } else if (line.closed && post == line.probe) {
    line.closed.reset();
  }
}

/// Nothing was sent that a later one could differ from, or that counts in the day's cap.
void Witness::never_left(const Post& sent, std::uint64_t post) {
  if (sent.first) bodies_.erase(sent.batch);
  if (sent.first_sends > 0) first_sends_[sent.day] -= sent.first_sends;
  for (const auto& row : sent.rows) std::erase(rows_[row].posts, post);
}

void Witness::broke(std::uint64_t post, bool bytes_out) {
  const Post& sent = posts_[post - 1];
  if (sent.disowned) return;
  for (const auto& row : sent.rows) concluded(row, post, bytes_out);
  if (!bytes_out) never_left(sent, post);
  // A probe of which no byte went out was none: the next one may follow at once.
  auto& line = lines_[sent.by];
  if (!bytes_out && line.closed && post == line.probe) line.closed = line.closed_before_probe;
}

void Witness::crashed(Nanos now) {
  std::erase_if(closures_, [now](const Closure& closure) { return now - closure.read_at < kToldWithin; });
}

void Witness::process_died() {
  for (auto& [name, facts] : rows_) {
    if (facts.in_flight != 0) concluded(name, facts.in_flight, true);
  }
  forget_answers([](JobId) { return true; });
  paused_ = !ledger_.note(ports::Note::paused).empty();
  line_may_open();
}

void Witness::host_gone(Owner host, const std::function<bool(JobId)>& its) {
  for (std::uint64_t post = 1; post <= posts_.size(); ++post) {
    auto& sent = posts_[post - 1];
    if (sent.by != host || std::exchange(sent.disowned, true)) continue;
    for (const auto& row : sent.rows) {
      if (rows_[row].in_flight == post) concluded(row, post, true);
    }
  }
  std::erase_if(closures_, [host](const Closure& closure) { return closure.by == host; });
  forget_answers(its);
}

/// An answer that was read but is not durable is lost: what the ledger still calls *sending* may have been applied.
void Witness::forget_answers(const std::function<bool(JobId)>& its) {
  for (const auto& [id, batch] : ledger_.batches()) {
    if (batch.state != ports::BatchState::sending || !its(batch.job)) continue;
    for (const auto& ref : batch.rows) {
      auto& facts = rows_[{batch.job.n, ref.row}];
      facts.maybe_applied = true;
      facts.untold = false;
      facts.turned_away = false;
    }
  }
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
