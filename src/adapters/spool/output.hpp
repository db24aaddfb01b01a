#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sluice/ports/file_names.hpp"
#include "spool/folders.hpp"
#include "spool/state_files.hpp"
#include "spool/sync_rounds.hpp"

namespace sluice::adapters::spool {

/// A file of ours in state/ on its way to a folder that people see: 0660 whatever the umask says, and of outbox/'s
/// group.
class Temporary {
 public:
  /// The folders must outlive it.
  Temporary(const Folders& folders, std::string name);

  /// Gathers; `due()` says when write() should take it to the disk.
  void append(std::string bytes);
  bool due() const;
  /// On a file thread. The first makes a fresh file; what an earlier try left is thrown away. After an error it goes on
  /// where it stopped.
  Result<void> write();
  /// Writes the rest and fsyncs it. On a file thread. Its name is durable when state/ is: unsynced().
  Result<void> finish();
  std::vector<Unsynced> unsynced() const;

 private:
  Result<void> create();
  const Folders& folders_;
  std::string name_;
  std::string where_;
  OpenFolder state_;  ///< once it is made, like its descriptor
  posix::Fd fd_;
  std::string pending_;
  int unsynced_ = 0;  ///< errno
  bool finished_ = false;
};

/// A whole small file at once, fsynced or not.
enum class Durable : std::uint8_t { no, yes };
Result<void> write_temporary(const Folders& folders, const std::string& name, const std::string& bytes,
                             Durable durable);

// The Spool operations of the same names, on a file thread: from state/ to where people look.
// What two of them move is to be fsynced before anything else is done.
enum class Published : std::uint8_t {
  rows,     ///< all but the summary
  summary,  ///< it says that all is there, so all else is durable before it comes
};
Result<std::vector<Unsynced>> publish(const Folders& folders, JobId job, const std::string& dropped, Published what);
Result<std::vector<Unsynced>> archive(const Folders& folders, JobId job, const std::string& dropped);
Result<void> reject(const Folders& folders, JobId job, const std::string& dropped, const std::string& reason);
Result<void> show_progress(const Folders& folders, JobId job, const std::string& dropped, const std::string& line);
Result<void> discard(const Folders& folders, JobId job);

}  // namespace sluice::adapters::spool
