#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::posix {

// The bytes of open files.

/// As many bytes as there are; fewer only at the end. Or errno.
std::expected<std::size_t, int> read_fully(const Fd& fd, char* into, std::size_t size, std::uint64_t offset);

/// All of it, however many writes that takes. 0 or errno; what was written is taken off the front of `bytes`.
int write_all(const Fd& to, std::string_view& bytes);

/// All bytes of one open file into another, empty one: shared blocks where the file system can (FICLONE), inside the
/// kernel where it can't, by hand at last; holes stay holes. 0 or errno.
int copy_bytes(const Fd& from, const Fd& to);

/// SHA-256 of a whole file, piece by piece.
class ContentHash {
 public:
  ContentHash();
  ~ContentHash();
  ContentHash(const ContentHash&) = delete;
  ContentHash& operator=(const ContentHash&) = delete;

  /// The next few MB. True: that was all of it. `shown`: its name for people.
  Result<bool> take_some(const Fd& fd, const std::string& shown);
  /// Of all that was taken. Once.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
  std::uint64_t offset_ = 0;
};

/// The same at one go.
Result<std::string> hash_of_content(const Fd& fd, const std::string& shown);

}  // namespace sluice::adapters::posix
