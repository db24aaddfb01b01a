#include "web/door.hpp"

#include <utility>

#include "sluice/text/words/web.hpp"
#include "web/assets.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace words = text::words;

constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

constexpr std::string_view kForGood = "max-age=31536000,immutable";

/// On every answer. Nothing from elsewhere runs in the page, nobody frames it, and no address of it goes elsewhere.
std::vector<std::pair<std::string, std::string>> guards() {
  return {{"Content-Security-Policy", std::string(kPolicy)},
          {"X-Content-Type-Options", "nosniff"},
          {"Referrer-Policy", "no-referrer"},
          {"Cross-Origin-Opener-Policy", "same-origin"},
          {"Cross-Origin-Resource-Policy", "same-origin"},
          {"Cache-Control", "no-store"}};
}

Reply asset(const Exchange& exchange) {
  const auto* found = asset_at(exchange.path());
  if (found == nullptr) return problem(404, words::no_such_address());
  if (exchange.method() != "GET" && exchange.method() != "HEAD") return problem(405, words::no_such_method());
  const auto tag = entity_tag(*found);
  Reply reply{.type = content_type(found->name),
              .headers = {{"ETag", tag}, {"Cache-Control", std::string(found->lasts ? kForGood : "no-cache")}}};
  if (exchange.header("If-None-Match") == tag) {
    reply.status = 304;
  } else {
    reply.body = std::string(found->bytes);
  }
  return reply;
}

const Sessions::Session* session_of(Desk& desk, std::string_view cookie) {
  return cookie.empty() ? nullptr : desk.sessions.find(cookie, desk.clock.now());
}

std::string cookie_of(const Desk& desk, const Exchange& exchange) {
  const auto cookies = exchange.header("Cookie");
  return std::string(cookies ? cookie_named(cookie_name(desk.entrance), *cookies).value_or("") : "");
}

/// Whom the proxy names; empty: nobody, or there is none that is believed.
std::string proxys_user(const Desk& desk, const Exchange& exchange) {
  if (!desk.entrance.proxy_is_known) return {};
  return exchange.header(desk.settings.control.web_user_header).value_or("");
}

/// Nobody: `known` is false.
Caller caller_of(Desk& desk, const Exchange& exchange) {
  Caller caller;
  if (desk.entrance.proxy_is_known) {
    const auto user = proxys_user(desk, exchange);
    if (user.empty()) return caller;
    caller.account = account_named(user);
    caller.token = change_token(desk.secret + user);
  } else {
    caller.cookie = cookie_of(desk, exchange);
    const auto* session = session_of(desk, caller.cookie);
    if (session == nullptr) return {};
    caller.account = as_of_now(session->account);
    caller.token = change_token(caller.cookie);
  }
  caller.known = true;
  caller.rights = rights_of(caller.account, desk.settings.spool + "/inbox", desk.settings.control.operators);
  return caller;
}

/// Signing in is the one change that has no token yet: the link's stands in for it.
bool signs_in(const Exchange& exchange) {
  return exchange.method() == "POST" && exchange.path() == "/v1/session";
}

bool has_token(const Exchange& exchange, const Caller& caller) {
  const auto token = exchange.header("X-Sluice-Token");
  return token && same(*token, caller.token);
}

}  // namespace

bool is_signed_in(Desk& desk, const Exchange& exchange) {
  return !proxys_user(desk, exchange).empty() || session_of(desk, cookie_of(desk, exchange)) != nullptr;
}

ports::Task<void> answer_browser(Desk& desk, Exchange& exchange) {
  const bool api = exchange.path().starts_with("/v1/");
  exchange.always(guards());
  const auto host = exchange.header("Host").value_or("");
  if (!is_our_host(host, desk.entrance)) co_return co_await exchange.answer(problem(403, words::not_our_host()));
  if (!api) co_return co_await exchange.answer(asset(exchange));
  auto caller = caller_of(desk, exchange);
  if (exchange.method() != "GET") {
    const auto origin = exchange.header("Origin").value_or("");
    const bool ours = is_our_origin(origin, host, desk.entrance);
    if (!ours || (caller.known && !signs_in(exchange) && !has_token(exchange, caller)))
      co_return co_await exchange.answer(problem(403, words::not_our_page()));
  }
  co_await serve(desk, exchange, std::move(caller));
}

}  // namespace sluice::control::web
