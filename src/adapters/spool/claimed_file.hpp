#pragma once

#include <memory>
#include <vector>

#include "posix/content_hash.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// A claimed file, open for reading. Its work runs on file threads; it has no state but the descriptor.
class ClaimedBytes {
 public:
  /// Kind `missing`: it is gone. The folders must outlive it.
  static Result<std::shared_ptr<const ClaimedBytes>> open(const Folders& folders, JobId job);

  Result<ports::FileIdentity> identity() const;
  /// The next piece of it. True: that was the last.
  Result<bool> hash_some(posix::ContentHash& hash) const;
  Result<std::string> read_at(std::uint64_t offset, std::size_t size) const;
  Result<std::string> read_rows(const std::vector<records::RowRef>& rows, const ports::FileIdentity& expected) const;

 private:
  ClaimedBytes(const Folders& folders, posix::Fd fd, std::string name)
      : folders_(folders), fd_(std::move(fd)), name_(std::move(name)) {}
  Result<void> still(const ports::FileIdentity& expected) const;
  std::string shown() const { return folders_.shown(Folder::state, name_); }

  const Folders& folders_;
  posix::Fd fd_;
  std::string name_;
};

}  // namespace sluice::adapters::spool
