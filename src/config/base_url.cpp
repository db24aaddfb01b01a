#include <arpa/inet.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "judges.hpp"
#include "sluice/config/units.hpp"

namespace sluice::config {
namespace {

constexpr std::size_t kMostBytes = 1'000;

struct Url {
  bool tls = false;
  std::string host;  ///< an IPv6 literal without its brackets
  bool v6 = false;
  std::optional<std::string> port;
  std::string path;
};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool one_of(char c, std::string_view more) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
}

std::optional<bool> take_scheme(std::string_view& rest) {
  const std::size_t colon = rest.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  std::string scheme(rest.substr(0, colon));
  std::ranges::transform(scheme, scheme.begin(), lower);
  rest.remove_prefix(colon + 3);
  if (scheme == "https") return true;
  return scheme == "http" ? std::optional(false) : std::nullopt;
}

/// host, host:port or [v6]:port. False: none of them.
bool split_authority(std::string_view authority, Url& url) {
  url.v6 = authority.starts_with('[');
  const std::size_t end = url.v6 ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (end == std::string_view::npos) return false;
  url.host = authority.substr(url.v6 ? 1 : 0, url.v6 ? end - 1 : end);
  std::ranges::transform(url.host, url.host.begin(), lower);
  authority.remove_prefix(url.v6 ? end + 1 : end);
  if (authority.empty()) return true;
  url.port = authority.substr(1);
  return authority.starts_with(':');
}

bool sound_host(const Url& url) {
  if (url.v6) {
    in6_addr address;
    return inet_pton(AF_INET6, url.host.c_str(), &address) == 1;
  }
  const bool characters = std::ranges::all_of(url.host, [](char c) { return one_of(c, "-._"); });
  return !url.host.empty() && url.host.size() <= 253 && characters && one_of(url.host.front(), "") &&
         url.host.find("..") == std::string::npos;
}

bool sound_port(const Url& url) {
  if (!url.port) return true;
  const std::optional<std::uint64_t> port = whole_number(*url.port);
  return port && *port >= 1 && *port <= 65'535;
}

bool sound_path(const std::string& path) {
  const bool characters = std::ranges::all_of(path, [](char c) { return one_of(c, "/-._~!$&'()*+,;=:@%"); });
  return characters && path.find("/../") == std::string::npos && path.find("/./") == std::string::npos;
}

/// What a name resolves to is not known here, so only what is loopback by definition counts.
bool loopback(const Url& url) {
  if (url.host == "localhost" || (url.v6 && url.host == "::1")) return true;
  in_addr address;
  return !url.v6 && inet_pton(AF_INET, url.host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

}  // namespace

Complaint base_url(std::string& value) {
  if (value.size() > kMostBytes) return "expected an address of at most 1000 bytes";
  std::string_view rest = value;
  Url url;
  const std::optional<bool> tls = take_scheme(rest);
  if (!tls) return "expected an address that begins with https://";
  url.tls = *tls;
  if (rest.find_first_of("?#") != std::string_view::npos) {
    return "expected an address without a query (?...) or fragment (#...): service paths are added behind it";
  }
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != std::string_view::npos) {
    return "expected an address without user:password@: credentials belong under upstream.authorization";
  }
  if (!split_authority(authority, url) || !sound_host(url)) {
    return "expected a host name (ASCII; xn--... for others), an IPv4 address or an [IPv6] address after ://";
  }
  if (!sound_port(url)) return "expected a port from 1 to 65535 after the host";
  url.path = rest.substr(slash);
  if (!url.path.ends_with('/')) url.path += '/';
  if (!sound_path(url.path)) return "expected a path of plain URL characters (others as %XX), without . or .. in it";
  if (!url.tls && !loopback(url)) {
    return "expected https://: plain http sends the authorization readable, so it is taken for loopback only "
           "(127.0.0.0/8, [::1], localhost)";
  }
  const std::string host = url.v6 ? "[" + url.host + "]" : url.host;
  value = (url.tls ? "https://" : "http://") + host + (url.port ? ":" + *url.port : "") + url.path;
  return std::nullopt;
}

}  // namespace sluice::config
