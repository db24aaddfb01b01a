#pragma once

#include <boost/asio/ssl/context.hpp>
#include <memory>
#include <string>

namespace sluice::adapters::upstream {

/// What a certificate of a test says.
struct CertificateWish {
  std::string host = "127.0.0.1";  ///< name, or IPv4 literal
  long begins_in_seconds = -3600;
  long ends_in_seconds = 3600;
  bool self_signed = false;
  bool named_in_subject_only = false;
};

/// A certificate authority that lives as long as the test.
class TestAuthority {
 public:
  TestAuthority();
  ~TestAuthority();
  TestAuthority(const TestAuthority&) = delete;
  TestAuthority& operator=(const TestAuthority&) = delete;

  std::string pem() const;
  /// A server's context with a new key and a certificate like that.
  std::unique_ptr<boost::asio::ssl::context> server(const CertificateWish& wish = {}) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::upstream
