#include "routes.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "sluice/control/views.hpp"
#include "sluice/pipeline/operator_command.hpp"

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
    {"resolve/applied", pipeline::Command::resolve_applied},
    {"resolve/not-applied", pipeline::Command::resolve_not_applied},
};

Answer failed(unsigned status, const std::string& words) {
  return {.status = status, .body = boost::json::serialize(boost::json::object{{"error", words}})};
}

Answer said(const Result<std::string>& words) {
  if (words) return {.body = said_json(*words)};
  const auto kind = words.error().kind;
  return failed(kind == ErrorKind::missing ? 404 : kind == ErrorKind::usage ? 409 : 503, words.error().words);
}

}  // namespace

ports::Task<Answer> Routes::job(std::string method, std::string rest) {
  const auto slash = rest.find('/');
  const auto id = parse_job_id(std::string_view(rest).substr(0, slash));
  if (!id) co_return failed(400, fmt::format("{} is no job: expected YYYYMMDD-N", rest));
  if (slash == std::string::npos && method == "GET") {
    const auto job = co_await ledger_.job(*id);
    if (!job) co_return failed(503, job.error().words);
    if (!*job) co_return failed(404, fmt::format("no job {}", rest));
    const auto note = co_await ledger_.note(pipeline::resolved_key(*id));
    if (!note) co_return failed(503, note.error().words);
    co_return Answer{.body = job_json(**job, pipeline::doubts_words(**job, *note, engine_.status().at))};
  }
  for (const auto& verb : kVerbs) {
    if (slash == std::string::npos || rest.substr(slash + 1) != verb.path || method != "POST") continue;
    co_return said(co_await engine_.command(verb.command, *id));
  }
  co_return failed(404, "no such command");
}

ports::Task<Answer> Routes::answer(std::string method, std::string target) {
  constexpr std::string_view jobs = "/jobs/";
  if (method == "GET" && target == "/status") co_return Answer{.body = status_json(engine_.status())};
  if (method == "POST" && target == "/pause") co_return said(co_await engine_.pause());
  if (method == "POST" && target == "/resume") co_return said(co_await engine_.resume());
  if (target.starts_with(jobs)) co_return co_await job(std::move(method), target.substr(jobs.size()));
  co_return failed(404, "no such command");
}

}  // namespace sluice::control
