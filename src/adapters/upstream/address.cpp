#include "upstream/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace sluice::adapters::upstream {

namespace {

constexpr std::string_view kForm = "upstream.base_url must be http[s]://host[:port]/path/ without user, ? and #";

bool is_port(std::string_view text) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() && number > 0 && number <= 65535;
}

bool printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// `host`, `host:port`, `[v6]` or `[v6]:port`, split.
bool split_authority(std::string_view authority, Address& address) {
  std::string_view rest = authority;
  if (authority.starts_with('[')) {
    const auto end = authority.find(']');
    if (end == std::string_view::npos) return false;
    address.host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
  } else {
    address.host = authority.substr(0, authority.find(':'));
    rest = authority.substr(address.host.size());
  }
  address.port = address.tls ? "443" : "80";
  address.host_header = authority.substr(0, authority.size() - rest.size());
  if (rest.empty()) return !address.host.empty();
  if (!rest.starts_with(':') || !is_port(rest.substr(1))) return false;
  if (rest.substr(1) != address.port) address.host_header += rest;
  address.port = rest.substr(1);
  return !address.host.empty();
}

}  // namespace

Result<Address> read_address(const std::string& base_url) {
  std::string_view rest = base_url;
  Address address;
  address.tls = take_prefix(rest, "https://");
  const bool known = address.tls || take_prefix(rest, "http://");
  const bool plain = printable(rest) && rest.find_first_of("@?#\\") == std::string_view::npos;
  const std::string_view authority = rest.substr(0, rest.find('/'));
  if (!known || !plain || !split_authority(authority, address)) return fail(ErrorKind::config, std::string(kForm));
  address.prefix = rest.substr(authority.size());
  if (!address.prefix.ends_with('/')) address.prefix += '/';
  return address;
}

std::string shown(const Address& address) {
  return fmt::format("{}://{}", address.tls ? "https" : "http", address.host_header);
}

}  // namespace sluice::adapters::upstream
