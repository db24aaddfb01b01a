#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::adapters::spool {

/// Files on their way into the inbox, as hidden names in it (.upload.ID), which a scan leaves alone: only a rename
/// makes a file of them, whole, and never over another. File work runs on threads of its own, which come with the first
/// upload and go with the destructor. One executor's thread.
class Uploads {
 public:
  /// `host`: this one's name, where others have files on their way into the same inbox (.upload.HOST.ID).
  explicit Uploads(std::string inbox, const std::string& host = {});
  ~Uploads();

  /// What a crash left of this host's; nobody knows any more whose it was.
  void sweep();
  /// An empty one. Kind no_space: its disk has less than this and 64 MiB free.
  ports::Task<Result<void>> begin(std::string id, std::uint64_t bytes);
  /// Kind no_space as above, asked again as it grows.
  ports::Task<Result<void>> append(std::string id, std::string bytes);
  /// Durable, and nothing can be appended any more. SHA-256 of its content, in hex.
  ports::Task<Result<std::string>> finish(std::string id);
  /// For a look at a finished one.
  Result<std::unique_ptr<ports::ClaimedFile>> open(const std::string& id) const;
  /// Makes it a file of the inbox: of this name, or where that is taken of `NAME (2).csv` and so on; the name it got.
  /// `ready_suffix`: its marker is made, too.
  ports::Task<Result<std::string>> place(std::string id, std::string name, std::string ready_suffix);
  /// Nothing is left of it.
  ports::Task<void> remove(std::string id);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters::spool
