// Jobs that there are and were, and what became of their orders.
#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <ranges>

#include "job_state_names.hpp"
#include "parsed.hpp"
#include "sluice/control/find.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;
namespace words = text::words;

constexpr std::size_t kUsualPage = 100;
constexpr std::size_t kLargestPage = 1000;
constexpr std::size_t kLookedAtOnce = 500;
constexpr std::size_t kMostLooked = 10'000;
constexpr std::size_t kShownRejected = 20;
constexpr auto kRejectedLately = std::chrono::days(30);

void put(json::object& object, const std::string& key, const std::string& said) {
  object[key] = text::in(text::Lang::en, said);
  object[key + "_zh"] = text::in(text::Lang::zh, said);
}

std::uint64_t number_of(const std::string& text, std::uint64_t otherwise) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? number : otherwise;
}

std::size_t page_size(const Exchange& exchange) {
  return std::clamp<std::size_t>(number_of(exchange.parameter("limit"), kUsualPage), 1, kLargestPage);
}

constexpr std::string_view kRunning = "running";
constexpr std::string_view kHeld = "held";
constexpr std::string_view kStates[] = {kRunning, kHeld, "done", "rejected"};

/// Empty: it names a state that there is not.
std::vector<std::string> states_of(std::string_view text) {
  if (text.empty()) return {std::begin(kStates), std::end(kStates)};
  std::vector<std::string> states;
  for (const auto part : std::views::split(text, ',')) {
    states.emplace_back(part.begin(), part.end());
    if (std::ranges::find(kStates, states.back()) == std::end(kStates)) return {};
  }
  return states;
}

bool is_over(const ports::JobHeader& job) {
  return job.state == ports::JobState::done || job.state == ports::JobState::rejected;
}

std::string_view state_of(const ports::JobHeader& job) {
  if (is_over(job)) return control::name(job.state);
  return job.hold == ports::Hold::none ? kRunning : kHeld;
}

/// What only the process that works on it knows.
using AtWork = std::map<JobId, pipeline::JobStatus>;
AtWork at_work(const pipeline::Engine& engine) {
  AtWork jobs;
  for (auto& job : engine.status().jobs) jobs.emplace(job.id, std::move(job));
  return jobs;
}

json::object job_object(const ports::JobHeader& job, const AtWork& working) {
  const auto live = working.find(job.id);
  const auto* now = live == working.end() ? nullptr : &live->second;
  const bool over = is_over(job);
  json::object object{{"job", to_string(job.id)},
                      {"name", readable_name(job)},
                      {"state", control::name(now ? now->state : job.state)},
                      {"service", job.service ? orders::service(job.service).name : ""},
                      {"rows", now ? now->rows : job.rows},
                      {"counts", counts_object(now ? now->counts : job.counts)},
                      {"unsettled", now ? now->unsettled : 0},
                      {"in_flight", now ? now->in_flight : 0},
                      {"requests", now ? now->requests : job.requests},
                      {"eta", time_or_null(now ? now->eta : std::nullopt)}};
  put(object, "held", now ? now->held : over ? "" : job.hold_words);
  put(object, "waits", now ? now->waits : "");
  put(object, "reason", job.reason);
  object["exit"] = over ? json::value(job.exit) : nullptr;
  object["claimed"] = time_or_null(job.claimed_at);
  object["finished"] = time_or_null(over ? job.finished_at : std::nullopt);
  return object;
}

}  // namespace

/// A page is one read of the ledger, whatever there is; a filter looks through more of it, piece by piece, and says
/// where it stopped: of one that few pass a page may be short, and empty, though there is another.
ports::Task<Answered> jobs(Call call) {
  const auto& exchange = call.exchange;
  const auto states = states_of(exchange.parameter("state"));
  if (states.empty()) co_return problem(400, words::expects_states());
  const auto after = exchange.parameter("after");
  auto last = after.empty() ? std::nullopt : parse_job_id(after);
  if (!after.empty() && !last) co_return problem(400, words::expects_after());
  const auto limit = page_size(exchange);
  const auto part = exchange.parameter("name");
  const bool filters = !part.empty() || states.size() < std::size(kStates);
  const auto piece = filters ? std::max(limit, kLookedAtOnce) + 1 : limit + 1;
  const auto working = at_work(call.desk.engine);
  json::array list;
  bool more = true;
  for (std::size_t looked = 0; more && list.size() < limit && looked < kMostLooked; looked += piece) {
    const auto found = co_await call.desk.ledger.jobs_before(last, piece);
    if (!found) co_return problem(found.error());
    more = found->size() == piece;
    for (const auto& header : *found) {
      if (list.size() == limit) {
        more = true;
        break;
      }
      last = header.id;
      if (header.state == ports::JobState::dropped) continue;
      const bool fits = std::ranges::find(states, state_of(header)) != states.end() && header.name.contains(part);
      if (fits) list.push_back(job_object(header, working));
    }
  }
  co_return Reply{.body = json::serialize(json::object{{"jobs", std::move(list)},
                                                       {"next", more ? json::value(to_string(*last)) : nullptr}})};
}

ports::Task<Answered> job(Call call) {
  const auto answer = co_await job_answer(call.desk.ledger, call.job, call.desk.clock.wall());
  co_return answer ? Reply{.body = *answer} : problem(answer.error());
}

ports::Task<Answered> batches(Call call) {
  const auto limit = page_size(call.exchange);
  const BatchId after{number_of(call.exchange.parameter("after"), 0)};
  std::vector<ports::Batch> found;
  for (const auto set : {ports::BatchSet::started, ports::BatchSet::planned}) {
    auto some = co_await call.desk.ledger.batches(call.job, set, after, limit + 1);
    if (!some) co_return problem(some.error());
    std::ranges::move(*some, std::back_inserter(found));
  }
  std::ranges::sort(found, {}, &ports::Batch::id);
  const bool more = found.size() > limit;
  if (more) found.resize(limit);
  json::array list;
  for (const auto& batch : found) {
    constexpr std::string_view kBatchStates[] = {"planned", "waiting", "sending"};
    list.push_back({{"batch", number(batch.id)},
                    {"rows", batch.rows.size()},
                    {"state", kBatchStates[static_cast<std::size_t>(batch.state)]},
                    {"attempts", batch.past.sends},
                    {"last_request", batch.last_request}});
  }
  co_return Reply{.body = json::serialize(json::object{
                      {"batches", std::move(list)}, {"next", more ? json::value(number(found.back().id)) : nullptr}})};
}

ports::Task<Answered> inbox(Call call) {
  auto& desk = call.desk;
  json::array waiting;
  for (const auto& file : desk.engine.waiting_files()) {
    json::object one{{"name", text::shown(file.name)}};
    put(one, "words", file.words);
    waiting.push_back(std::move(one));
  }
  const auto now = desk.clock.wall();
  const auto found =
      co_await desk.ledger.jobs_ended(ports::JobState::rejected, now - kRejectedLately, now + std::chrono::hours(1));
  if (!found) co_return problem(found.error());
  json::array rejected;
  for (const auto& job : *found | std::views::reverse | std::views::take(kShownRejected)) {
    json::object one{{"job", to_string(job.id)}, {"name", readable_name(job)}};
    put(one, "reason", job.reason);
    one["finished"] = time_or_null(job.finished_at);
    rejected.push_back(std::move(one));
  }
  co_return Reply{
      .body = json::serialize(json::object{{"waiting", std::move(waiting)}, {"rejected", std::move(rejected)}})};
}

ports::Task<Answered> find(Call call) {
  auto id = parse_find(find_json(call.exchange.parameter("id")));
  if (!id) co_return problem(400, id.error().words);
  const auto orders = co_await find_answer(call.desk.ledger, std::move(*id), call.desk.clock.wall());
  co_return orders ? Reply{.body = *orders} : problem(orders.error());
}

}  // namespace sluice::control::web
