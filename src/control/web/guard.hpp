#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::control::web {

/// How browsers come to the page.
struct Entrance {
  std::string address;          ///< ADDRESS of loopback, IPv6 in brackets; empty: a Unix socket
  std::uint16_t port = 0;       ///< of the address
  bool proxy_is_known = false;  ///< a proxy whose user header is trusted stands before it
};

/// Whether a browser that asks for this host means us. Another name that was made to lead to this machine (DNS
/// rebinding) is a page of somebody else's, which must be told nothing. Behind a known proxy the name is the proxy's
/// affair; on a Unix socket without one it is a tunnel's end, on any port.
bool is_our_host(std::string_view host, const Entrance& entrance);

/// Whether the page that wants a change is ours: its Origin (RFC 6454) names the host that was asked for.
bool is_our_origin(std::string_view origin, std::string_view host, const Entrance& entrance);

/// The value of this cookie. Nothing: it is not there, or there twice.
std::optional<std::string_view> cookie_named(std::string_view name, std::string_view cookies);
/// Cookies don't tell ports apart, so ours has the port in its name: two daemons on one machine sign nobody out.
std::string cookie_name(const Entrance& entrance);

}  // namespace sluice::control::web
