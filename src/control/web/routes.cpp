#include "web/routes.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"
#include "sluice/text/words/web.hpp"

namespace sluice::control::web {

namespace {

namespace words = text::words;

constexpr Route kRoutes[] = {
    {"POST", "/v1/session", Who::all, sign_in},
    {"GET", "/v1/session", Who::look, who_am_i},
    {"DELETE", "/v1/session", Who::look, sign_out},
    {"POST", "/v1/web/links", Who::socket, new_link},
    {"GET", "/v1/status", Who::look, status},
    {"GET", "/v1/events", Who::look, events},
    {"GET", "/v1/rate", Who::look, rate},
    {"GET", "/v1/inbox", Who::look, inbox},
    {"GET", "/v1/jobs", Who::look, jobs},
    {"GET", "/v1/jobs/{job}", Who::look, job},
    {"GET", "/v1/jobs/{job}/faults", Who::look, faults},
    {"GET", "/v1/jobs/{job}/batches", Who::look, batches},
    {"GET", "/v1/jobs/{job}/doubts", Who::look, doubts},
    {"GET", "/v1/jobs/{job}/files", Who::look, files},
    {"GET", "/v1/jobs/{job}/files/{kind}", Who::look, file},
    {"POST", "/v1/jobs/{job}/hold", Who::act, hold},
    {"POST", "/v1/jobs/{job}/release", Who::act, release},
    {"POST", "/v1/jobs/{job}/cancel", Who::act, cancel},
    {"POST", "/v1/jobs/{job}/resolve", Who::act, resolve},
    {"POST", "/v1/pause", Who::act, pause},
    {"POST", "/v1/resume", Who::act, resume},
    {"GET", "/v1/find", Who::look, find},
    {"POST", "/v1/checks", Who::drop, upload},
    {"POST", "/v1/checks/{upload}/place", Who::drop, place},
    {"DELETE", "/v1/checks/{upload}", Who::drop, throw_away},
};

/// Takes the places of the pattern out of the path. Nothing: it is another path. An error: a part is no job's id.
std::optional<Result<void>> match(std::string_view pattern, std::string_view path, Call& call) {
  auto wanted = std::views::split(pattern, '/');
  auto parts = std::views::split(path, '/');
  auto part = parts.begin();
  Result<void> sound;
  for (const auto want : wanted) {
    if (part == parts.end()) return std::nullopt;
    const std::string_view is((*part).begin(), (*part).end());
    const std::string_view should(want.begin(), want.end());
    if (should == "{job}") {
      const auto id = parse_job_id(is);
      if (id) call.job = *id;
      if (!id) sound = fail(ErrorKind::bad_input, words::no_job_id(text::shown(is)));
    } else if (should.starts_with('{')) {
      call.name = is;
    } else if (should != is) {
      return std::nullopt;
    }
    ++part;
  }
  return part == parts.end() ? std::optional(sound) : std::nullopt;
}

/// Why not; nothing: it may.
Answered refusal(Who who, const Caller& caller, const config::Settings& settings) {
  if (who == Who::all || caller.socket) return std::nullopt;
  if (who == Who::socket) return problem(403, words::only_on_the_socket());
  if (!caller.known) return problem(401, words::not_signed_in(), kNotSignedIn);
  if (!caller.rights.look) return problem(403, words::may_not_look(caller.account.name));
  if (who == Who::drop && !caller.rights.drop) return problem(403, words::may_not_drop(caller.account.name));
  if (who == Who::act && !caller.rights.act)
    return problem(403, words::may_not_act(caller.account.name, settings.control.operators));
  return std::nullopt;
}

}  // namespace

std::string_view name(Who who) {
  constexpr std::string_view kNames[] = {"all", "look", "drop", "act", "socket"};
  return kNames[static_cast<std::size_t>(who)];
}

std::span<const Route> routes() {
  return kRoutes;
}

std::string named(const Caller& caller) {
  return caller.socket ? caller.account.name : words::by_the_page(caller.account.name);
}

ports::Task<void> serve(Desk& desk, Exchange& exchange, Caller caller) {
  Call call{.desk = desk, .exchange = exchange, .caller = std::move(caller)};
  Answered answer = problem(404, words::no_such_address());
  for (const auto& route : kRoutes) {
    const auto fits = match(route.path, exchange.path(), call);
    if (!fits) continue;
    answer = problem(405, words::no_such_method());
    const bool meant = route.method == exchange.method();
    if (!meant) continue;
    answer = refusal(route.who, call.caller, desk.settings);
    if (!answer && !*fits) answer = problem(fits->error());
    if (!answer) answer = co_await route.serve(std::move(call));
    break;
  }
  if (answer) co_await exchange.answer(std::move(*answer));
}

}  // namespace sluice::control::web
