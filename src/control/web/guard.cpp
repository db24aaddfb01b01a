#include "web/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace sluice::control::web {

namespace {

constexpr std::uint16_t kPlainPort = 80;  // a browser leaves it out

bool is_port(std::string_view text) {
  return !text.empty() && text.size() <= 5 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// Its name, and what stands behind its colon.
struct Host {
  std::string_view name;
  std::string_view port;
};
Host parted(std::string_view host) {
  const auto colon = host.rfind(':');
  const bool has_port = colon != std::string_view::npos && is_port(host.substr(colon + 1));
  return has_port ? Host{host.substr(0, colon), host.substr(colon + 1)} : Host{host, {}};
}

}  // namespace

bool is_our_host(std::string_view host, const Entrance& entrance) {
  if (host.empty()) return false;
  if (entrance.proxy_is_known) return true;
  const auto [name, port] = parted(host);
  constexpr std::array<std::string_view, 3> kLoopback = {"localhost", "127.0.0.1", "[::1]"};
  if (std::ranges::find(kLoopback, name) == kLoopback.end() && (entrance.address.empty() || name != entrance.address))
    return false;
  if (entrance.address.empty()) return true;
  return port.empty() ? entrance.port == kPlainPort : port == std::to_string(entrance.port);
}

bool is_our_origin(std::string_view origin, std::string_view host, const Entrance& entrance) {
  if (origin == fmt::format("http://{}", host)) return true;
  return entrance.proxy_is_known && origin == fmt::format("https://{}", host);
}

std::optional<std::string_view> cookie_named(std::string_view name, std::string_view cookies) {
  std::optional<std::string_view> found;
  while (!cookies.empty()) {
    const auto end = std::min(cookies.find(';'), cookies.size());
    auto one = cookies.substr(0, end);
    cookies.remove_prefix(std::min(end + 1, cookies.size()));
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    if (!one.starts_with(name) || one.substr(name.size(), 1) != "=") continue;
    // A page under another port of this machine can set one of our name: which of the two is ours can't be told.
    if (found) return std::nullopt;
    found = one.substr(name.size() + 1);
  }
  return found;
}

std::string cookie_name(const Entrance& entrance) {
  return entrance.address.empty() ? "sluice" : fmt::format("sluice-{}", entrance.port);
}

}  // namespace sluice::control::web
