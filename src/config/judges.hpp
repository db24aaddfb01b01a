#pragma once

#include <string>

#include "field.hpp"

/// What makes a text value acceptable. Each may put the value into its normal form. None repeats the value: whoever
/// pastes a secret into the wrong place must not find it in a log.
namespace sluice::config {

Complaint absolute_path(std::string& value);  ///< trailing slashes go
Complaint path_or_empty(std::string& value);
Complaint any_text(std::string& value);
Complaint socket_path_or_empty(std::string& value);  ///< fits sockaddr_un
Complaint file_suffix_or_empty(std::string& value);
Complaint listen_address_or_empty(std::string& value);  ///< 127.0.0.1:9464, [::1]:9464
Complaint web_address_or_empty(std::string& value);     ///< such an address of loopback, or unix:/path
Complaint header_name_or_empty(std::string& value);     ///< RFC 9110, 5.1
Complaint group_name(std::string& value);

Complaint base_url(std::string& value);  ///< as read_base_url() spells it

/// One source of the credential. `from`: file, env or credential; nothing else is repeated.
Complaint read_source(const std::string& from, std::string name, CredentialSource& into);

inline constexpr std::size_t kSocketPathBytes = 107;  ///< sockaddr_un.sun_path without its NUL (unix(7))

}  // namespace sluice::config
