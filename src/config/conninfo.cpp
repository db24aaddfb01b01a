// Where the account's database is, as far as its form can be judged without connecting.
#include "conninfo.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "sluice/text/distance.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::config {
namespace {

namespace words = text::words;

constexpr std::size_t kMostBytes = 1'024;
constexpr std::size_t kMostNameBytes = 100;

/// What may be said of the connection here. Those that hold a secret, run something or are Sluice's own business
/// (options, application_name, timeouts of the session) are not among them.
constexpr std::array<std::string_view, 18> kKeywords = {
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "connect_timeout",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "sslcrldir",
    "sslsni",
    "gssencmode",
    "krbsrvname",
    "target_session_attrs",
    "ssl_min_protocol_version",
    "channel_binding",
};

bool blank(char c) {
  return c == ' ';
}

/// Takes one keyword=value off the front; nullopt: it is none. A value in single quotes may hold blanks, and a
/// backslash takes the next character as it is, in and out of quotes.
class Pairs {
 public:
  explicit Pairs(std::string_view rest) : rest_(rest) { skip_blanks(); }
  bool done() const { return rest_.empty(); }
  std::optional<std::string_view> keyword() {
    const std::size_t end = std::min(rest_.find_first_of(" ="), rest_.size());
    const std::string_view name = rest_.substr(0, end);
    rest_.remove_prefix(end);
    skip_blanks();
    if (name.empty() || !rest_.starts_with('=')) return std::nullopt;
    rest_.remove_prefix(1);
    skip_blanks();
    return name;
  }
  bool skip_value() {
    const bool quoted = rest_.starts_with('\'');
    std::size_t at = quoted ? 1 : 0;
    for (; at < rest_.size() && (quoted ? rest_[at] != '\'' : !blank(rest_[at])); ++at)
      if (rest_[at] == '\\') ++at;
    if (at > rest_.size() || (quoted && at == rest_.size())) return false;
    rest_.remove_prefix(at + (quoted ? 1 : 0));
    skip_blanks();
    return true;
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(' '), rest_.size())); }

  std::string_view rest_;
};

/// Or was meant to.
bool holds_password(std::string_view keyword) {
  return keyword.starts_with("pass") || keyword == "sslpassword";
}

Complaint unknown(std::string_view keyword) {
  const auto nearest = std::ranges::min(
      kKeywords, {}, [&](std::string_view known) { return text::distance(keyword.substr(0, 40), known); });
  return words::conninfo_unknown(nearest);
}

}  // namespace

Complaint conninfo_or_empty(std::string& value) {
  if (value.size() > kMostBytes) return words::conninfo_too_long(kMostBytes);
  for (Pairs pairs(value); !pairs.done();) {
    const auto keyword = pairs.keyword();
    if (!keyword) return words::expects_conninfo();
    if (holds_password(*keyword)) return words::conninfo_password();
    if (std::ranges::find(kKeywords, *keyword) == kKeywords.end()) return unknown(*keyword);
    if (!pairs.skip_value()) return words::expects_conninfo();
  }
  return std::nullopt;
}

Complaint host_name_or_empty(std::string& value) {
  const bool sound = value.size() <= kMostNameBytes && std::ranges::all_of(value, [](char c) {
                       return c > ' ' && c < 0x7f && c != '"' && c != '\'' && c != '\\' && c != '/';
                     });
  return sound ? std::nullopt : Complaint(words::expects_host_name(kMostNameBytes));
}

}  // namespace sluice::config
