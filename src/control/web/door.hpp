#pragma once

#include "web/call.hpp"

namespace sluice::control::web {

/// Answers one request of a browser: the page's files to everybody on this machine, the routes to who is signed in.
/// What must hold before a route hears of it stands here alone: an unknown host is told nothing, and a change comes
/// from our own page with its token.
ports::Task<void> answer_browser(Desk& desk, Exchange& exchange);

/// Whether it comes from somebody who is signed in, whatever he may. It costs no look at the machine's users.
bool is_signed_in(Desk& desk, const Exchange& exchange);

}  // namespace sluice::control::web
