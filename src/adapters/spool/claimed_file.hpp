#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "posix/content_hash.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// A claimed file, open for reading. Its work runs on file threads, but for what keeps nobody waiting; it has no state
/// but the descriptor.
class ClaimedBytes {
 public:
  /// Kind `missing`: it is gone. The folders must outlive it.
  static Result<std::shared_ptr<const ClaimedBytes>> open(const Folders& folders, JobId job);

  Result<ports::FileIdentity> identity() const;
  /// The next piece of it. True: that was the last.
  Result<bool> hash_some(posix::ContentHash& hash) const;
  Result<std::string> read_at(std::uint64_t offset, std::size_t size) const;
  Result<std::string> read_rows(const std::vector<records::RowRef>& rows, const ports::FileIdentity& expected) const;

  /// Whether identity() waits for no network.
  bool keeps_nobody_waiting() const { return keeps_nobody_waiting_; }
  /// read_at() and read_rows(), where that costs no wait for a disk. Nothing: it would, or something is wrong, and they
  /// say what.
  std::optional<std::string> in_memory_at(std::uint64_t offset, std::size_t size) const;
  std::optional<std::string> rows_in_memory(const std::vector<records::RowRef>& rows,
                                            const ports::FileIdentity& expected) const;

 private:
  ClaimedBytes(const Folders& folders, posix::Fd fd, std::string name);
  using Read = Result<std::string> (ClaimedBytes::*)(std::uint64_t offset, std::size_t size) const;

  Result<void> still(const ports::FileIdentity& expected) const;
  Result<std::size_t> size_within(std::uint64_t offset, std::size_t size) const;
  Result<std::string> wait_for(std::uint64_t offset, std::size_t size) const;
  Result<std::string> already_in_memory(std::uint64_t offset, std::size_t size) const;
  Result<std::string> gather(const std::vector<records::RowRef>& rows, const ports::FileIdentity& expected,
                             Read read) const;
  std::string shown() const { return folders_.shown(Folder::state, name_); }

  const Folders& folders_;
  posix::Fd fd_;
  std::string name_;
  std::string path_;  ///< from the spool's root
  bool keeps_nobody_waiting_ = false;
};

}  // namespace sluice::adapters::spool
