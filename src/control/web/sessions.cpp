#include "web/sessions.hpp"

#include <algorithm>
#include <utility>

namespace sluice::control::web {

void Sessions::add(Entries& entries, Session entry, std::size_t of_one) {
  const auto is_theirs = [&](const Session& one) { return one.account.name == entry.account.name; };
  if (static_cast<std::size_t>(std::ranges::count_if(entries, is_theirs)) >= of_one)
    entries.erase(std::ranges::find_if(entries, is_theirs));
  if (entries.size() >= kMost) entries.pop_front();
  entries.push_back(std::move(entry));
}

Sessions::Entries::iterator Sessions::find_in(Entries& entries, std::string_view token, Boottime now) {
  std::erase_if(entries, [now](const Session& one) { return one.ends <= now; });
  const auto digest = digest_of(token);
  // All are looked at, each in constant time: how long it takes says nothing of any of them.
  auto found = entries.end();
  for (auto at = entries.begin(); at != entries.end(); ++at) {
    if (same(at->cookie, digest)) found = at;
  }
  return found;
}

std::string Sessions::new_link(Account account, Boottime now) {
  auto token = new_token();
  add(links_, {.account = std::move(account), .cookie = digest_of(token), .ends = now + kLinkLives}, kLinksOfOne);
  return token;
}

std::optional<std::string> Sessions::sign_in(std::string_view token, Boottime now) {
  const auto link = find_in(links_, token, now);
  if (link == links_.end()) return std::nullopt;
  auto account = std::move(link->account);
  links_.erase(link);
  auto cookie = new_token();
  add(sessions_, {.account = std::move(account), .cookie = digest_of(cookie), .ends = now + kLives}, kOfOne);
  return cookie;
}

const Sessions::Session* Sessions::find(std::string_view cookie, Boottime now) {
  const auto found = find_in(sessions_, cookie, now);
  return found == sessions_.end() ? nullptr : &*found;
}

void Sessions::sign_out(std::string_view cookie) {
  const auto digest = digest_of(cookie);
  std::erase_if(sessions_, [&](const Session& one) { return same(one.cookie, digest); });
}

std::string change_token(std::string_view cookie) {
  return hex(digest_of("change " + std::string(cookie)));
}

}  // namespace sluice::control::web
