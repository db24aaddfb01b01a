#include "upstream/tls.hpp"
#include "sluice/text/words/upstream.hpp"

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
namespace words = text::words;

namespace {

/// What a server says of a certificate of ours that it misses or doesn't take (RFC 8446, 6.2).
constexpr int kClientCertificateAlerts[] = {SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
                                            SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED,
                                            SSL_AD_CERTIFICATE_UNKNOWN, SSL_AD_UNKNOWN_CA,
                                            SSL_AD_ACCESS_DENIED,       SSL_AD_CERTIFICATE_REQUIRED};
constexpr int kLastAlert = 255;

struct Advice {
  long verdict;
  text::Sentence<0> words;
};

constexpr Advice kAdvice[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, words::cert_expired},
    {X509_V_ERR_CERT_NOT_YET_VALID, words::cert_not_yet},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, words::cert_self_signed},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, words::cert_untrusted},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, words::cert_untrusted},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, words::cert_untrusted},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, words::cert_untrusted},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, words::cert_untrusted},  // an authority of the same name, with another key
    {X509_V_ERR_HOSTNAME_MISMATCH, words::cert_other_name},
    {X509_V_ERR_IP_ADDRESS_MISMATCH, words::cert_other_name},
    {X509_V_ERR_CERT_REVOKED, words::cert_revoked},
    {X509_V_ERR_EE_KEY_TOO_SMALL, words::cert_weak},
    {X509_V_ERR_CA_KEY_TOO_SMALL, words::cert_weak},
    {X509_V_ERR_CA_MD_TOO_WEAK, words::cert_weak},
};

}  // namespace

Result<std::shared_ptr<ssl::context>> tls_context(const std::string& ca_file) {
  boost::system::error_code error;
  std::shared_ptr<ssl::context> context;
  try {
    context = std::make_shared<ssl::context>(ssl::context::tls_client);
  } catch (const boost::system::system_error& failed) {
    return fail(ErrorKind::config, words::no_tls(failed.what()));
  }
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  context->set_verify_mode(ssl::verify_peer, error);
  if (!error && ca_file.empty()) context->set_default_verify_paths(error);
  if (!error && !ca_file.empty()) context->load_verify_file(ca_file, error);
  if (error)
    return fail(ErrorKind::config,
                words::certificates_unusable(ca_file.empty() ? words::this_system() : ca_file, error.message()));
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
  if (!set) return fail(ErrorKind::network, words::no_tls_for(host));
  return {};
}

Error certificate_error(long verdict, const std::string& host, const std::string& ca_file) {
  auto what = words::cert_otherwise(X509_verify_cert_error_string(verdict));
  for (const Advice& advice : kAdvice)
    if (advice.verdict == verdict) what = advice.words();
  return {ErrorKind::certificate,
          words::certificate_is(host, what, ca_file.empty() ? words::this_systems_authorities() : ca_file)};
}

std::optional<Error> alert_error(boost::system::error_code error, const std::string& host) {
  if (error.category() != boost::asio::error::get_ssl_category()) return std::nullopt;
  const int alert = ERR_GET_REASON(static_cast<unsigned long>(error.value())) - SSL_AD_REASON_OFFSET;
  if (alert < 0 || alert > kLastAlert) return std::nullopt;
  const std::string_view name = SSL_alert_desc_string_long(alert);
  if (std::ranges::find(kClientCertificateAlerts, alert) == std::end(kClientCertificateAlerts)) {
    return Error{ErrorKind::network, words::tls_alert(host, name)};
  }
  return Error{ErrorKind::certificate, words::client_certificate_wanted(host, name)};
}

}  // namespace sluice::adapters::upstream
