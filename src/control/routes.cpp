#include "routes.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

#include "sluice/base/rfc3339.hpp"
#include "sluice/control/find.hpp"
#include "sluice/control/history.hpp"
#include "sluice/control/metrics.hpp"
#include "sluice/control/resolution_json.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/came_before.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

namespace {

using Answer = Routes::Answer;

struct Verb {
  std::string_view path;
  pipeline::Command command;
};
constexpr Verb kVerbs[] = {
    {"hold", pipeline::Command::hold},
    {"release", pipeline::Command::release},
    {"cancel", pipeline::Command::cancel},
};
constexpr std::string_view kJobs = "/jobs/";
constexpr std::string_view kContent = "/content/";
constexpr std::string_view kResolve = "resolve";

Answer failed(unsigned status, const std::string& words) {
  return {.status = status,
          .body = boost::json::serialize(boost::json::object{{"error", text::in(text::Lang::en, words)},
                                                             {"error_zh", text::in(text::Lang::zh, words)}})};
}

Answer failed(const Error& error) {
  return failed(error.kind == ErrorKind::missing ? 404 : error.kind == ErrorKind::usage ? 409 : 503, error.words);
}

Answer said(const Result<std::string>& words) {
  return words ? Answer{.body = said_json(*words)} : failed(words.error());
}

}  // namespace

ports::Task<Answer> Routes::resolve(JobId job, std::string how, Asked asked) {
  if (!how.empty() && how != "/applied" && how != "/not-applied") co_return failed(404, text::words::no_such_command());
  auto resolution = parse_resolution(job, asked.body);
  if (!how.empty()) {
    resolution =
        pipeline::Resolution{.job = job,
                             .all = how == "/applied" ? ports::LookedUp::applied : ports::LookedUp::not_applied,
                             .by_hash = {},
                             .force = says_force(asked.body)};
  }
  if (!resolution) co_return failed(400, resolution.error().words);
  co_return said(co_await engine_.resolve(std::move(*resolution), std::move(asked.user)));
}

std::string Routes::host_of(JobId job) const {
  const auto& jobs = engine_.jobs_elsewhere();
  const auto at = std::ranges::find(jobs, job, [](const auto& one) { return one.job.id; });
  return at == jobs.end() ? "" : at->host;
}

std::vector<ports::JobHeader> Routes::headers_elsewhere() const {
  std::vector<ports::JobHeader> headers;
  for (const auto& one : engine_.jobs_elsewhere()) headers.push_back(one.job);
  return headers;
}

ports::Task<Answer> Routes::job(Asked asked) {
  const auto rest = asked.target.substr(kJobs.size());
  const auto slash = rest.find('/');
  const auto id = parse_job_id(std::string_view(rest).substr(0, slash));
  if (!id) co_return failed(400, text::words::no_job_id(text::shown(rest)));
  if (slash == std::string::npos && asked.method == "GET") {
    const auto answer = co_await job_answer(ledger_, *id, engine_.status().at, host_of(*id));
    co_return answer ? Answer{.body = *answer} : failed(answer.error());
  }
  const auto verb = slash == std::string::npos ? "" : rest.substr(slash + 1);
  if (asked.method == "POST" && verb.starts_with(kResolve)) {
    co_return co_await resolve(*id, verb.substr(kResolve.size()), std::move(asked));
  }
  for (const auto& one : kVerbs) {
    if (verb != one.path || asked.method != "POST") continue;
    co_return said(co_await engine_.command(one.command, *id, std::move(asked.user)));
  }
  co_return failed(404, text::words::no_such_command());
}

ports::Task<Answer> Routes::find(std::string body) {
  auto id = parse_find(body);
  if (!id) co_return failed(400, id.error().words);
  const auto orders = co_await find_answer(ledger_, std::move(*id), engine_.status().at);
  co_return orders ? Answer{.body = *orders} : failed(orders.error());
}

ports::Task<Answer> Routes::placed(std::string body) {
  auto elements = parse_elements(body);
  if (!elements) co_return failed(400, elements.error().words);
  const auto placed = co_await engine_.placed_before(std::move(*elements));
  co_return placed ? Answer{.body = placed_json(*placed)} : failed(placed.error());
}

ports::Task<Answer> Routes::doubts() {
  const auto doubts = co_await ledger_.doubts(engine_.status().at);
  co_return doubts ? Answer{.body = doubts_json(*doubts)} : failed(doubts.error());
}

/// HASH/SINCE: whether a file of that content would be taken, whose like came since then.
ports::Task<Answer> Routes::content(std::string rest) {
  const auto slash = rest.find('/');
  const auto since =
      slash == std::string::npos ? std::nullopt : parse_rfc3339(std::string_view(rest).substr(slash + 1));
  if (!since) co_return failed(400, "expected /content/HASH/SINCE");
  const auto now = engine_.status().at;
  const auto why = co_await pipeline::why_not_again(ledger_, rest.substr(0, slash), *since, now, std::nullopt);
  if (!why) co_return failed(why.error());
  co_return Answer{.body = why_json(why->value_or(""))};
}

ports::Task<Answer> Routes::answer(Asked asked) {
  const auto& [method, target, body, user] = asked;
  if (method == "GET" && target == "/status") co_return Answer{.body = status_json(engine_.status())};
  if (method == "GET" && target == "/metrics") {
    co_return Answer{.body = metrics_text(engine_.status()), .type = kMetricsType};
  }
  if (method == "GET" && target == "/doubts") co_return co_await doubts();
  if (method == "GET" && target.starts_with(kContent)) co_return co_await content(target.substr(kContent.size()));
  if (method == "POST" && target == "/history") {
    const auto jobs = co_await history_answer(ledger_, parse_history_filter(body), headers_elsewhere());
    co_return jobs ? Answer{.body = *jobs} : failed(jobs.error());
  }
  if (method == "POST" && target == "/find") co_return co_await find(body);
  if (method == "POST" && target == "/placed") co_return co_await placed(body);
  if (method == "POST" && target == "/pause") co_return said(co_await engine_.pause(user));
  if (method == "POST" && target == "/resume") co_return said(co_await engine_.resume(user));
  if (target.starts_with(kJobs)) co_return co_await job(std::move(asked));
  co_return failed(404, text::words::no_such_command());
}

}  // namespace sluice::control
