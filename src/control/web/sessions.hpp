#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"
#include "web/account.hpp"
#include "web/token.hpp"

namespace sluice::control::web {

/// Who is signed in. Links and cookies are kept as hashes, in memory alone: a restart ends every session. Plain state;
/// time comes in as an argument.
class Sessions {
 public:
  static constexpr auto kLinkLives = std::chrono::minutes(5);
  static constexpr auto kLives = std::chrono::hours(12);
  /// Bounds on what one user and all of them can cost; beyond them their oldest go.
  static constexpr std::size_t kLinksOfOne = 8;
  static constexpr std::size_t kOfOne = 16;
  static constexpr std::size_t kMost = 512;

  struct Session {
    Account account;
    Digest cookie;
    Boottime ends{};
  };

  /// A token that signs one browser in as this user, once, until kLinkLives are over.
  std::string new_link(Account account, Boottime now);
  /// The cookie of a new session. Nothing: the link was used, is over, or was never given.
  std::optional<std::string> sign_in(std::string_view token, Boottime now);
  /// Null: there is none, or it is over. Valid until the next call of another member.
  const Session* find(std::string_view cookie, Boottime now);
  void sign_out(std::string_view cookie);

 private:
  using Entries = std::list<Session>;  ///< oldest first
  static void add(Entries& entries, Session entry, std::size_t of_one);
  static Entries::iterator find_in(Entries& entries, std::string_view token, Boottime now);

  Entries links_;
  Entries sessions_;
};

/// What a change must say besides the cookie, which browsers send for every page: only ours can read it.
std::string change_token(std::string_view cookie);

}  // namespace sluice::control::web
