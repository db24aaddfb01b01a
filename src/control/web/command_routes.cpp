// What operators command: the same as by the command line, in the name of whoever is signed in.
#include "sluice/control/resolution_json.hpp"
#include "sluice/control/views.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

constexpr std::uint64_t kLongestResolution = 8ULL << 20;  // the hashes of some 400,000 orders

Reply said(const Result<std::string>& words) {
  return words ? Reply{.body = said_json(*words)} : problem(words.error());
}

ports::Task<Answered> command(Call call, pipeline::Command what) {
  co_return said(co_await call.desk.engine.command(what, call.job, named(call.caller)));
}

}  // namespace

ports::Task<Answered> hold(Call call) {
  return command(std::move(call), pipeline::Command::hold);
}
ports::Task<Answered> release(Call call) {
  return command(std::move(call), pipeline::Command::release);
}
ports::Task<Answered> cancel(Call call) {
  return command(std::move(call), pipeline::Command::cancel);
}

ports::Task<Answered> resolve(Call call) {
  const auto body = co_await call.exchange.body(kLongestResolution);
  if (!body) co_return problem(body.error());
  auto resolution = parse_resolution(call.job, *body);
  if (!resolution) co_return problem(400, resolution.error().words);
  co_return said(co_await call.desk.engine.resolve(std::move(*resolution), named(call.caller)));
}

ports::Task<Answered> pause(Call call) {
  co_return said(co_await call.desk.engine.pause(named(call.caller)));
}
ports::Task<Answered> resume(Call call) {
  co_return said(co_await call.desk.engine.resume(named(call.caller)));
}

}  // namespace sluice::control::web
