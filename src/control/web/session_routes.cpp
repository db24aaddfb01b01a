// Signing in and out, and the links to sign in by.
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <boost/json.hpp>

#include "parsed.hpp"
#include "sluice/text/words/web.hpp"
#include "web/routes.hpp"

namespace sluice::control::web {

namespace {

namespace json = boost::json;
namespace words = text::words;

constexpr std::uint64_t kLongestToken = 1024;

Reply session_reply(const Desk& desk, const Caller& caller) {
  const auto& rights = caller.rights;
  return {.body = json::serialize(json::object{{"user", text::in(text::Lang::en, caller.account.name)},
                                               {"user_zh", text::in(text::Lang::zh, caller.account.name)},
                                               {"may_drop", rights.drop},
                                               {"may_act", rights.act},
                                               {"token", caller.token},
                                               {"max_upload_bytes", desk.settings.inbox.max_bytes},
                                               {"version", SLUICE_VERSION}})};
}

/// `lives`: 0 takes it away.
std::string cookie(const Desk& desk, std::string_view value, std::chrono::seconds lives) {
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict", cookie_name(desk.entrance), value,
                     lives.count());
}

}  // namespace

ports::Task<Answered> sign_in(Call call) {
  auto& desk = call.desk;
  const auto body = co_await call.exchange.body(kLongestToken);
  if (!body) co_return problem(body.error());
  const auto asked = parsed(*body);
  const auto token = asked ? word_of(*asked, "token") : "";
  if (token.empty()) co_return problem(400, words::expects_token());
  const auto now = desk.clock.now();
  const auto value = desk.sessions.sign_in(token, now);
  if (!value) co_return problem(401, words::link_is_over(), kLinkOver);
  const auto* session = desk.sessions.find(*value, now);
  Caller caller{.account = as_of_now(session->account), .cookie = *value, .token = change_token(*value), .known = true};
  caller.rights = rights_of(caller.account, desk.settings.spool + "/inbox", desk.settings.control.operators);
  spdlog::info("{}", words::signed_in(caller.account.name));
  auto reply = session_reply(desk, caller);
  reply.headers.emplace_back("Set-Cookie", cookie(desk, *value, Sessions::kLives));
  co_return reply;
}

ports::Task<Answered> who_am_i(Call call) {
  co_return session_reply(call.desk, call.caller);
}

ports::Task<Answered> sign_out(Call call) {
  call.desk.sessions.sign_out(call.caller.cookie);
  Reply reply{.status = 204};
  reply.headers.emplace_back("Set-Cookie", cookie(call.desk, "", std::chrono::seconds(0)));
  co_return reply;
}

ports::Task<Answered> new_link(Call call) {
  auto& desk = call.desk;
  std::string link;
  if (!desk.link_to.empty())
    link = fmt::format("{}/sign-in#{}", desk.link_to, desk.sessions.new_link(call.caller.account, desk.clock.now()));
  const auto until = desk.clock.wall() + Sessions::kLinkLives;
  co_return Reply{
      .body = json::serialize(json::object{
          {"link", link}, {"user", text::in(text::Lang::en, call.caller.account.name)}, {"until", rfc3339(until)}})};
}

}  // namespace sluice::control::web
