#include "upstream/tls.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/system/system_error.hpp>
#include <string_view>

namespace sluice::adapters::upstream {

namespace ssl = boost::asio::ssl;

namespace {

constexpr std::string_view kUntrusted =
    "is signed by an authority that is not trusted here, or the server leaves out the certificates in between: install "
    "ca-certificates, or name the authority's certificate in upstream.ca_file";
constexpr std::string_view kOtherName = "is for another host name: check the host in upstream.base_url";
constexpr std::string_view kWeak = "is too weak (key or signature) for this machine's OpenSSL: its owner must renew it";

/// What a server says of a certificate of ours that it misses or doesn't take (RFC 8446, 6.2).
constexpr int kClientCertificateAlerts[] = {SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
                                            SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                                            SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA,
                                            SSL_AD_ACCESS_DENIED,       SSL_AD_CERTIFICATE_REQUIRED};
constexpr int kLastAlert = 255;

struct Advice {
  long verdict;
  std::string_view words;
};

constexpr Advice kAdvice[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED,
     "has expired: its owner must renew it; if it was renewed, check this machine's date (timedatectl)"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "is not valid yet: check this machine's date (timedatectl)"},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     "is self-signed: if that is meant, save it in a file and name that in upstream.ca_file"},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, kUntrusted},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, kUntrusted},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, kUntrusted},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, kUntrusted},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, kUntrusted},  // an authority of the same name, but with another key
    {X509_V_ERR_HOSTNAME_MISMATCH, kOtherName},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, kOtherName},
    {X509_V_ERR_CERT_REVOKED, "was revoked: its owner must renew it"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, kWeak},
    {X509_V_ERR_CA_KEY_TOO_SMALL, kWeak},
    {X509_V_ERR_CA_MD_TOO_WEAK, kWeak},
};

}  // namespace

Result<std::shared_ptr<ssl::context>> tls_context(const std::string& ca_file) {
  boost::system::error_code error;
  std::shared_ptr<ssl::context> context;
  try {
    context = std::make_shared<ssl::context>(ssl::context::tls_client);
  } catch (const boost::system::system_error& failed) {
    return fail(ErrorKind::config, fmt::format("cannot set up TLS: {}", failed.what()));
  }
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(ssl::verify_peer, error);
  if (!error && ca_file.empty()) context->set_default_verify_paths(error);
  if (!error && !ca_file.empty()) context->load_verify_file(ca_file, error);
  if (error)
    return fail(ErrorKind::config,
                fmt::format("cannot use the certificates of {}: {}; upstream.ca_file must be a readable PEM file",
                            ca_file.empty() ? "this system" : ca_file, error.message()));
  return context;
}

Result<void> expect_host(SSL* session, const std::string& host) {
  X509_VERIFY_PARAM* expected = SSL_get0_param(session);
  boost::system::error_code not_literal;
  boost::asio::ip::make_address(host, not_literal);
  // A name in the subject is a text, not a name that the authority vouches for (RFC 9525, 2).
  X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
  const bool set = not_literal ? X509_VERIFY_PARAM_set1_host(expected, host.data(), host.size()) == 1 &&
                                     SSL_set_tlsext_host_name(session, host.c_str()) == 1
                               : X509_VERIFY_PARAM_set1_ip_asc(expected, host.c_str()) == 1;
  if (!set) return fail(ErrorKind::network, fmt::format("cannot set up TLS for the host name {}", host));
  return {};
}

Error certificate_error(long verdict, const std::string& host, const std::string& ca_file) {
  std::string_view words = X509_verify_cert_error_string(verdict);
  for (const Advice& advice : kAdvice)
    if (advice.verdict == verdict) words = advice.words;
  return {ErrorKind::certificate, fmt::format("the certificate of {} {} (trusting {})", host, words,
                                              ca_file.empty() ? "this system's authorities" : ca_file)};
}

std::optional<Error> alert_error(boost::system::error_code error, const std::string& host) {
  if (error.category() != boost::asio::error::get_ssl_category()) return std::nullopt;
  const int alert = ERR_GET_REASON(static_cast<unsigned long>(error.value())) - SSL_AD_REASON_OFFSET;
  if (alert < 0 || alert > kLastAlert) return std::nullopt;
  const std::string_view name = SSL_alert_desc_string_long(alert);
  if (std::ranges::find(kClientCertificateAlerts, alert) == std::end(kClientCertificateAlerts)) {
    return Error{ErrorKind::network,
                 fmt::format("{} refused the TLS connection with the alert \"{}\": nothing was sent", host, name)};
  }
  return Error{
      ErrorKind::certificate,
      fmt::format("{} wants to see a client certificate, and sluice has none (TLS alert \"{}\"): ask for access "
                  "without one, or name a proxy that shows it in upstream.base_url",
                  host, name)};
}

}  // namespace sluice::adapters::upstream
