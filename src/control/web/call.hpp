#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/config/spool_host.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "web/account.hpp"
#include "web/event_hub.hpp"
#include "web/exchange.hpp"
#include "web/guard.hpp"
#include "web/sessions.hpp"
#include "web/upload_desk.hpp"

namespace sluice::control::web {

/// Who asks.
struct Caller {
  Account account;
  Rights rights;
  std::string cookie;   ///< of the session; empty: signed in by a proxy, or on the control socket
  std::string token;    ///< that a change must bring; empty on the control socket
  bool known = false;   ///< signed in, or on the control socket
  bool socket = false;  ///< on the control socket
};

/// What the routes share; the composition root owns the first five, which outlive it.
struct Desk {
  pipeline::Engine& engine;
  ports::Ledger& ledger;
  ports::Clock& clock;
  const config::Settings& settings;
  boost::asio::any_io_executor executor;
  Entrance entrance = {};    ///< of the page
  std::string link_to = {};  ///< http://ADDRESS:PORT; empty: there is no page
  Sessions sessions = {};
  std::string secret = new_token();  ///< of the change tokens of those whom a proxy signs in
  EventHub hub{executor, engine, clock};
  UploadDesk uploads{executor, clock, settings.spool + "/inbox", config::spool_host(settings)};
};

/// One request of a route.
struct Call {
  Desk& desk;
  Exchange& exchange;
  Caller caller;
  JobId job = {};         ///< {job}
  std::string name = {};  ///< {kind} or {upload}
};

/// As notes and logs name whoever commands: the page's users with "by the page".
std::string named(const Caller& caller);

/// What is answered; nothing: the route did it itself, in pieces.
using Answered = std::optional<Reply>;

}  // namespace sluice::control::web
