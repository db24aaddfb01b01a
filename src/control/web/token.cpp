#include "web/token.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <sys/random.h>

#include "sluice/base/check.hpp"

namespace sluice::control::web {

std::string hex(const Digest& digest) {
  std::string text;
  for (const auto byte : digest) text += fmt::format("{:02x}", byte);
  return text;
}

std::string new_token() {
  Digest bits;
  // Up to 256 bytes never come in part, and nothing interrupts them (getrandom(2)).
  SLUICE_CHECK(::getrandom(bits.data(), bits.size(), 0) == static_cast<ssize_t>(bits.size()), "no random bytes");
  return hex(bits);
}

Digest digest_of(std::string_view token) {
  Digest digest;
  ::SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(), digest.data());
  return digest;
}

bool same(const Digest& one, const Digest& other) {
  return ::CRYPTO_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool same(std::string_view one, std::string_view other) {
  return same(digest_of(one), digest_of(other));
}

}  // namespace sluice::control::web
