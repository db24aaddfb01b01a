#include "sluice/config/base_url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/ipv4_address.hpp>
#include <boost/url/ipv6_address.hpp>
#include <boost/url/parse_path.hpp>
#include <optional>
#include <utility>

#include "sluice/config/units.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::config {
namespace {

namespace urls = boost::urls;
namespace words = text::words;

constexpr std::size_t kMostBytes = 1'000;
constexpr std::string_view kExampleHost = "user-center-domain";  // config/sluice.yaml, docs/api.md
constexpr std::size_t kMostHostBytes = 253;  // RFC 1035, 2.3.4: a name of 255 octets, less its two outer lengths

std::string lower(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return out;
}

/// A name that DNS could know. RFC 3986's reg-name takes far more: %XX, commas, an empty name.
bool sound_name(std::string_view name) {
  const auto letter_or_digit = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  return !name.empty() && name.size() <= kMostHostBytes && letter_or_digit(name.front()) && !name.contains("..") &&
         std::ranges::all_of(name, [&](char c) { return letter_or_digit(c) || std::string_view("-._").contains(c); });
}

/// host, host:port or [v6]:port, cut in two. Not urls::parse_authority: as of Boost 1.81 it takes the IPv4 address that
/// a name like 127.0.0.1.example begins with for the whole host, and fails.
struct Authority {
  explicit Authority(std::string_view text) {
    const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
    const std::size_t end = std::min(text.find(':', bracket), text.size());
    host = lower(text.substr(0, end));
    if (end < text.size()) port = text.substr(end + 1);
    v4 = urls::parse_ipv4_address(host);
    if (host.starts_with('[') && host.ends_with(']'))
      v6 = urls::parse_ipv6_address(std::string_view(host).substr(1, host.size() - 2));
  }

  bool sound_host() const { return v4 || v6 || sound_name(host); }
  bool sound_port() const {
    const auto number = port ? whole_number(*port) : 443;
    return number && *number >= 1 && *number <= 65'535;
  }
  /// What a name resolves to is not known here, so only what is loopback by definition counts.
  bool loopback() const { return (v4 && v4->is_loopback()) || (v6 && v6->is_loopback()) || host == "localhost"; }

  std::string host;  ///< lower case, an IPv6 address with its brackets
  std::optional<std::string_view> port;
  urls::result<urls::ipv4_address> v4 = urls::error_code();
  urls::result<urls::ipv6_address> v6 = urls::error_code();
};

bool sound_path(std::string_view path) {
  return urls::parse_path({path.data(), path.size()}).has_value() && !path.contains("/../") && !path.contains("/./");
}

BaseUrl taken_apart(bool tls, const Authority& authority, std::string_view path) {
  const std::string_view own_port = tls ? "443" : "80";
  const std::string spelled = authority.port ? fmt::format("{}:{}", authority.host, *authority.port) : authority.host;
  const bool brackets = authority.v6.has_value();
  return {.tls = tls,
          .host = brackets ? authority.host.substr(1, authority.host.size() - 2) : authority.host,
          .port = std::string(authority.port.value_or(own_port)),
          .authority = authority.port == own_port ? authority.host : spelled,
          .path = std::string(path),
          .text = fmt::format("{}://{}{}", tls ? "https" : "http", spelled, path)};
}

}  // namespace

std::expected<BaseUrl, std::string> read_base_url(std::string_view text) {
  const auto refuse = [](std::string expected) { return std::unexpected(std::move(expected)); };
  if (text.size() > kMostBytes) return refuse(words::expects_short_url(kMostBytes));
  const std::size_t colon = std::min(text.find("://"), text.size());
  const std::string scheme = lower(text.substr(0, colon));
  const bool tls = scheme == "https";
  if (colon == text.size() || (!tls && scheme != "http")) return refuse(words::expects_https());
  const std::string_view rest = text.substr(colon + 3);
  if (rest.find_first_of("?#") != rest.npos) return refuse(words::expects_no_query());
  const std::string_view host_and_port = rest.substr(0, rest.find('/'));
  if (host_and_port.contains('@')) return refuse(words::expects_no_user());
  const Authority authority(host_and_port);
  if (!authority.sound_host()) return refuse(words::expects_host());
  if (!authority.sound_port()) return refuse(words::expects_port());
  if (authority.host == kExampleHost) return refuse(words::expects_own_host(kExampleHost));
  std::string path(rest.substr(host_and_port.size()));
  if (!path.ends_with('/')) path += '/';
  if (!sound_path(path)) return refuse(words::expects_plain_path());
  if (!tls && !authority.loopback()) return refuse(words::expects_loopback());
  return taken_apart(tls, authority, path);
}

std::string origin(const BaseUrl& url) {
  return fmt::format("{}://{}", url.tls ? "https" : "http", url.authority);
}

}  // namespace sluice::config
