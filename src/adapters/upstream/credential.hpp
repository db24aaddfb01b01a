#pragma once

#include <string>

#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::adapters::upstream {

/// The Authorization header's value and where it comes from. No error and no log line ever holds the value.
class Credential {
 public:
  /// Kind config: there is none to be had, or what there is can't be a header's value.
  static Result<Credential> open(config::CredentialSource source);

  const std::string& value() const { return value_; }
  const config::CredentialSource& source() const { return source_; }

  /// Reads a file again (the other sources are read once); true when the value differs. On an error it stays.
  Result<bool> refresh();

  /// `text` with every occurrence of the value, whole or without its scheme ("Bearer "), starred out at equal length:
  /// an upstream that echoes its request must not carry it into logs.
  std::string redacted(std::string text) const;

 private:
  Credential(config::CredentialSource source, std::string value)
      : source_(std::move(source)), value_(std::move(value)) {}

  config::CredentialSource source_;
  std::string value_;
};

}  // namespace sluice::adapters::upstream
