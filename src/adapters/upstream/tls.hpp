#pragma once

#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <memory>
#include <optional>
#include <string>

#include "sluice/base/error.hpp"

namespace sluice::adapters::upstream {

/// A client's context: TLS 1.2 or later, the peer verified against `ca_file` or, if that is empty, the system's store.
/// Kind config: the file can't be read or holds no certificate.
Result<std::shared_ptr<boost::asio::ssl::context>> tls_context(const std::string& ca_file);

/// Tells a session whom to expect: SNI and name check for a name, address check for an IP literal (RFC 6125, RFC 6066).
Result<void> expect_host(SSL* session, const std::string& host);

/// Why a certificate was not taken (`verdict` is SSL_get_verify_result) and what to do about it.
Error certificate_error(long verdict, const std::string& host, const std::string& ca_file);

/// The fatal alert that a peer ended the connection with (RFC 8446, 6.2), in words: kind `certificate` where it is
/// about one of ours, else network. nullopt: `error` is no such alert.
std::optional<Error> alert_error(boost::system::error_code error, const std::string& host);

}  // namespace sluice::adapters::upstream
