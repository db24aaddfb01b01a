#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::posix {

/// Tells a file's bytes from all others, to this process alone: Poly1305 (RFC 8439) under a key that is drawn when it
/// starts. Neither key nor tags ever leave it, so nobody can look for other bytes of one tag.
using ContentTag = std::array<unsigned char, 16>;

/// SHA-256 and tag of a whole file, piece by piece.
class ContentHash {
 public:
  /// The tag alone costs a tenth of both.
  enum class Takes : std::uint8_t { both, tag };

  explicit ContentHash(Takes takes = Takes::both);
  ~ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;

  /// The next few MB. True: that was all of it. `shown`: its name for people.
  Result<bool> take_some(const Fd& fd, const std::string& shown);
  /// The next bytes, for who has them in memory.
  Result<void> take(std::string_view bytes);
  /// SHA-256 of all that was taken, in hex. Once.
  std::string hex();
  /// Of all that was taken. Once. Nothing: OpenSSL gives no Poly1305 here.
  std::optional<ContentTag> tag();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::uint64_t offset_ = 0;
};

/// SHA-256 in hex, at one go.
Result<std::string> hash_of_content(const Fd& fd, const std::string& shown);

}  // namespace sluice::adapters::posix
