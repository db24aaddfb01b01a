#pragma once

#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::upstream {

/// upstream.base_url, taken apart.
struct Address {
  bool tls = true;
  std::string host;         ///< name or IP literal, without brackets
  std::string port;         ///< decimal
  std::string host_header;  ///< as the Host header wants it: brackets kept, the scheme's own port left out
  std::string prefix;       ///< path, from its first to its last slash
};

/// Kind config: no address of the form http[s]://host[:port]/path/ without user, query and fragment.
Result<Address> read_address(const std::string& base_url);

/// The address without its path, for messages.
std::string shown(const Address& address);

}  // namespace sluice::adapters::upstream
