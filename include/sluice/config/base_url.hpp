#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace sluice::config {

/// upstream.base_url, taken apart.
struct BaseUrl {
  bool tls = true;
  std::string host;  ///< name in lower case, or IP literal without brackets
  std::string port;  ///< decimal; the scheme's own where the URL has none
  std::string
      authority;     ///< as the Host header wants it (RFC 9110, 7.2): brackets kept, the scheme's own port left out
  std::string path;  ///< from its first slash to its last
  std::string text;  ///< the whole URL in one spelling: scheme and host in lower case, a slash at its end
};

/// Reads http[s]://host[:port]/path/; plain http for loopback only. The error says what was expected and never repeats
/// the text: whoever pastes a secret into the wrong place must not find it in a log.
std::expected<BaseUrl, std::string> read_base_url(std::string_view text);

/// Scheme, host and port, for messages.
std::string origin(const BaseUrl& url);

}  // namespace sluice::config
