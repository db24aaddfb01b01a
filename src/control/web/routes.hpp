#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "web/call.hpp"

namespace sluice::control::web {

/// Who may use a route (docs/control-api.md, Who may).
enum class Who : std::uint8_t { all, look, drop, act, socket };
std::string_view name(Who who);

struct Route {
  std::string_view method;
  std::string_view path;  ///< {job}, {kind} and {upload} stand for one part each
  Who who;
  ports::Task<Answered> (*serve)(Call);
};

/// Every route under /v1; docs/control-api.md lists the same.
std::span<const Route> routes();

/// Finds the route, sees that the caller may use it, and answers.
ports::Task<void> serve(Desk& desk, Exchange& exchange, Caller caller);

// The routes, by what they are about.
ports::Task<Answered> sign_in(Call call);
ports::Task<Answered> who_am_i(Call call);
ports::Task<Answered> sign_out(Call call);
ports::Task<Answered> new_link(Call call);

ports::Task<Answered> status(Call call);
ports::Task<Answered> events(Call call);
ports::Task<Answered> rate(Call call);

ports::Task<Answered> inbox(Call call);
ports::Task<Answered> jobs(Call call);
ports::Task<Answered> job(Call call);
ports::Task<Answered> faults(Call call);
ports::Task<Answered> batches(Call call);
ports::Task<Answered> doubts(Call call);
ports::Task<Answered> files(Call call);
ports::Task<Answered> file(Call call);
ports::Task<Answered> find(Call call);

ports::Task<Answered> hold(Call call);
ports::Task<Answered> release(Call call);
ports::Task<Answered> cancel(Call call);
ports::Task<Answered> resolve(Call call);
ports::Task<Answered> pause(Call call);
ports::Task<Answered> resume(Call call);

ports::Task<Answered> upload(Call call);
ports::Task<Answered> place(Call call);
ports::Task<Answered> throw_away(Call call);

}  // namespace sluice::control::web
