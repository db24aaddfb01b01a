#include "judges.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "sluice/config/base_url.hpp"
#include "sluice/config/units.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::config {
namespace {

namespace words = text::words;

constexpr std::size_t kPathBytes = 4095;
constexpr std::size_t kSuffixBytes = 32;

bool is_ip(const std::string& host, int family) {
  unsigned char bytes[sizeof(in6_addr)];
  return inet_pton(family, host.c_str(), bytes) == 1;
}

bool plain(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

/// Letters, digits and `more`; no digit first.
bool is_name(std::string_view text, std::string_view more) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !text.empty() && text.size() <= 255 && !digit(text.front()) && text.front() != '.' &&
         std::ranges::all_of(text, [&](char c) { return letter(c) || digit(c) || more.contains(c); });
}

bool is_port(std::string_view text) {
  const std::optional<std::uint64_t> port = whole_number(text);
  return port && *port >= 1 && *port <= 65'535;
}

}  // namespace

Complaint absolute_path(std::string& value) {
  if (!value.starts_with('/')) return words::expects_absolute();
  if (value.size() > kPathBytes) return words::expects_shorter(kPathBytes);
  while (value.size() > 1 && value.ends_with('/')) value.pop_back();
  return std::nullopt;
}

Complaint path_or_empty(std::string& value) {
  return value.empty() ? std::nullopt : absolute_path(value);
}

Complaint any_text(std::string&) {
  return std::nullopt;
}

Complaint socket_path_or_empty(std::string& value) {
  if (value.size() > kSocketPathBytes) {
    return words::expects_socket_path(kSocketPathBytes);
  }
  return path_or_empty(value);
}

Complaint file_suffix_or_empty(std::string& value) {
  const bool sound = value.size() <= kSuffixBytes && value.find('/') == std::string::npos;
  return sound ? std::nullopt : Complaint(words::expects_suffix(kSuffixBytes));
}

Complaint listen_address_or_empty(std::string& value) {
  if (value.empty()) return std::nullopt;
  const std::size_t colon = value.rfind(':');
  const std::string host = value.substr(0, std::min(colon, value.size()));
  const bool v6 = host.starts_with('[') && host.ends_with(']') && is_ip(host.substr(1, host.size() - 2), AF_INET6);
  const bool sound = colon != std::string::npos && (v6 || is_ip(host, AF_INET)) && is_port(value.substr(colon + 1));
  return sound ? std::nullopt : Complaint(words::expects_listen());
}

/// The page has no password of its own and no TLS: from another machine it is reached by a tunnel or a proxy alone.
Complaint web_address_or_empty(std::string& value) {
  constexpr std::string_view kUnix = "unix:";
  if (value.starts_with(kUnix)) {
    auto path = value.substr(kUnix.size());
    if (auto complaint = socket_path_or_empty(path)) return complaint;
    if (path.empty()) return words::expects_absolute();
    value = std::string(kUnix) + path;
    return std::nullopt;
  }
  if (auto complaint = listen_address_or_empty(value)) return words::expects_web();
  return value.empty() || value.starts_with("127.") || value.starts_with("[::1]:") ? std::nullopt
                                                                                   : Complaint(words::expects_web());
}

Complaint header_name_or_empty(std::string& value) {
  constexpr std::string_view kMore = "!#$%&'*+-.^_`|~0123456789";
  const bool sound = value.size() <= 100 && std::ranges::all_of(value, [&](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMore.contains(c);
                     });
  return sound ? std::nullopt : Complaint(words::expects_header());
}

Complaint group_name(std::string& value) {
  return is_name(value, "_.-") ? std::nullopt : Complaint(words::expects_group());
}

Complaint base_url(std::string& value) {
  auto url = read_base_url(value);
  if (!url) return std::move(url.error());
  value = std::move(url->text);
  return std::nullopt;
}

Complaint read_source(const std::string& from, std::string name, CredentialSource& into) {
  using From = CredentialSource::From;
  struct Source {
    std::string_view word;
    From from;
    bool (*sound)(std::string& name);
    text::Sentence<0> expected;
  };
  constexpr Source kSources[] = {
      {"file", From::file, [](std::string& path) { return plain(path) && !absolute_path(path); }, words::expects_file},
      {"env", From::env, [](std::string& variable) { return is_name(variable, "_"); }, words::expects_env},
      {"credential", From::credential, [](std::string& credential) { return is_name(credential, "_.-@"); },
       words::expects_credential},
  };
  for (const Source& source : kSources) {
    if (source.word != from) continue;
    if (!source.sound(name)) return source.expected();
    into = {.from = source.from, .name = std::move(name)};
    return std::nullopt;
  }
  return words::expects_source();
}

}  // namespace sluice::config
