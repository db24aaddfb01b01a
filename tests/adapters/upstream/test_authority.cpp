#include "adapters/upstream/test_authority.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>

namespace sluice::adapters::upstream {

namespace {

template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* t) const {
    Free(t);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freed<X509_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;

void extend(X509* certificate, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate draft(EVP_PKEY* key, const std::string& name, const CertificateWish& wish) {
  static std::atomic<long> serial = 1;
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), wish.begins_in_seconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), wish.ends_in_seconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate.get()), "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(name.data()), static_cast<int>(name.size()), -1, 0);
  return certificate;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return text_of(bio.get());
}

}  // namespace

struct TestAuthority::Impl {
  Key key{EVP_EC_gen("P-256")};
  Certificate certificate = draft(key.get(), "test authority", {});
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
  X509* own = impl_->certificate.get();
  X509_set_issuer_name(own, X509_get_subject_name(own));
  extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
  X509_sign(own, impl_->key.get(), EVP_sha256());
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::pem() const {
  return pem_of(impl_->certificate.get());
}

std::unique_ptr<boost::asio::ssl::context> TestAuthority::server(const CertificateWish& wish) const {
  const Key key(EVP_EC_gen("P-256"));
  const Certificate certificate = draft(key.get(), wish.host, wish);
  X509* issuer = wish.self_signed ? certificate.get() : impl_->certificate.get();
  X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer));
  boost::system::error_code name;
  boost::asio::ip::make_address(wish.host, name);
  if (!wish.named_in_subject_only)
    extend(certificate.get(), issuer, NID_subject_alt_name, (name ? "DNS:" : "IP:") + wish.host);
  X509_sign(certificate.get(), wish.self_signed ? key.get() : impl_->key.get(), EVP_sha256());

  auto context = std::make_unique<boost::asio::ssl::context>(boost::asio::ssl::context::tls_server);
  context->use_certificate(boost::asio::buffer(pem_of(certificate.get())), boost::asio::ssl::context::pem);
  context->use_private_key(boost::asio::buffer(pem_of(key.get())), boost::asio::ssl::context::pem);
  return context;
}

}  // namespace sluice::adapters::upstream
