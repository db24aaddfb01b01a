#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/records/cell.hpp"

namespace sluice::ports {

/// Tells one file from another, and a file from its own later state.
struct FileIdentity {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  friend bool operator==(const FileIdentity&, const FileIdentity&) = default;
};

/// A file in the inbox that may be claimed, or one that waits and why.
struct InboxEntry {
  std::string name;  ///< raw bytes, as the folder spells it
  FileIdentity identity;
  std::uint32_t owner = 0;  ///< user id
  bool ready = false;
  std::string waits_for;  ///< not ready: for people ("still being written", "not readable: chmod g+r", ...)
  bool stays = false;     ///< not for time: somebody must change something
};

struct InboxScan {
  std::vector<InboxEntry> entries;  ///< oldest first
  std::size_t also_wait = 0;        ///< beyond the first thousand that wait for somebody: counted, not listed
};

/// A file of the inbox, opened and found free of writers; where the file system can, a lease says when that ends.
class Candidate {
 public:
  virtual ~Candidate() = default;
  virtual const std::string& name() const = 0;
  virtual const FileIdentity& identity() const = 0;
  /// Moves it into state/ as the job's claimed file, without replacing anything (copies it if it has other hard links),
  /// and fsyncs the folders. Kind `changed` or `missing`: somebody began to write it, replaced or removed it; what
  /// there is of it is in the inbox and the claim is void. Takes the ready marker away with it.
  virtual Task<Result<void>> take(JobId job) = 0;
};

/// A claimed file: never written again.
class ClaimedFile {
 public:
  virtual ~ClaimedFile() = default;
  /// As it is now (fstat, and the path still leads to it); kind `changed` if the path doesn't.
  virtual Task<Result<FileIdentity>> identity() = 0;
  /// SHA-256 of the whole file, in hex. `gives_up` is asked on the caller's executor, a few times a second or more;
  /// true ends it with kind `cancelled`.
  virtual Task<Result<std::string>> content_hash(std::function<bool()> gives_up) = 0;
  Task<Result<std::string>> content_hash() {
    return content_hash([] { return false; });
  }
  /// Up to `size` bytes at `offset`; fewer only at the end.
  virtual Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) = 0;
  /// The raw bytes of some rows, one behind the other, after checking that the file is still `expected` (kind `changed`
  /// if not). Of each as many as its RowRef says.
  virtual Task<Result<std::string>> read_rows(std::vector<records::RowRef> rows, FileIdentity expected) = 0;
};

/// A temporary in state/ that becomes an output when it is published.
class Output {
 public:
  virtual ~Output() = default;
  virtual Task<Result<void>> append(std::string bytes) = 0;
  /// fsync; nothing can be appended afterwards. The name is durable when that of the summary is, which is finished
  /// last.
  virtual Task<Result<void>> finish() = 0;
};

/// What people find of a finished job: its original, its outputs, or the file that was refused and why.
enum class Kept : std::uint8_t { archive, outbox, rejected };

/// The folders that people see, and state/ beside them. Nothing here ever replaces a file, but for progress.
/// Operations run elsewhere and come back on the caller's executor; on errors see ErrorKind.
class Spool {
 public:
  virtual ~Spool() = default;

  /// 32 random bytes that nobody but the spool's owner knows, the same for as long as state/ is.
  virtual const std::string& secret() const = 0;

  /// Returns when something may have happened in the inbox, at `until`, or on wake(). Only a hint: scan() is the truth.
  virtual Task<void> wait_for_change(Boottime until) = 0;
  virtual void wake() = 0;

  /// Why new files are not heard of at once (inotify's limits, for instance), for the log and the status; empty: they
  /// are. Scans go on all the same.
  virtual std::string hints_trouble() const { return {}; }

  /// The inbox as it is. Names that are left alone are not listed.
  /// Kind `changed`: the spool's path leads to another folder than it did, so nothing may go on.
  virtual Task<Result<InboxScan>> scan() = 0;
  /// Opens a ready entry. `changed`, `missing`, `busy` (somebody writes it): try again at a later scan.
  virtual Task<Result<std::unique_ptr<Candidate>>> open(InboxEntry entry) = 0;

  /// The jobs that have a claimed file in state/.
  virtual Task<Result<std::vector<JobId>>> claimed() = 0;
  /// After a crash: whether the job's claim got as far as state/. If it did, what is left of it in the inbox (a copy's
  /// original: same name and identity) is removed.
  virtual Task<Result<bool>> claim_completed(JobId job, std::string name, FileIdentity source) = 0;
  /// `missing`: it is gone.
  virtual Task<Result<std::unique_ptr<ClaimedFile>>> read(JobId job) = 0;

  /// A fresh temporary for an output, made when bytes of it are first written; what an earlier try left is thrown away.
  virtual Task<Result<std::unique_ptr<Output>>> create(JobId job, OutputKind kind) = 0;
  /// Throws away what temporaries of its outputs there are.
  virtual Task<Result<void>> discard(JobId job) = 0;
  /// Renames the finished temporaries into outbox/ and fsyncs both folders; the summary last, when the others are
  /// durable there. A missing temporary was published already. Kind `exists`: a name is taken by something else
  /// (nothing is overwritten).
  virtual Task<Result<void>> publish(JobId job, std::string dropped_name) = 0;
  /// Renames the claimed file into archive/ and fsyncs both folders; missing: was archived already.
  virtual Task<Result<void>> archive(JobId job, std::string dropped_name) = 0;
  /// Writes the reason file, then renames the claimed file into rejected/, both whole and durable. Safe to repeat.
  virtual Task<Result<void>> reject(JobId job, std::string dropped_name, std::string reason) = 0;

  /// Replaces outbox/NAME.JOB.progress.txt (empty line: removes it). Never fails a job: errors are only logged by the
  /// caller.
  virtual Task<Result<void>> progress(JobId job, std::string dropped_name, std::string line) = 0;

  /// Removes what a finished job has there, by its names; how many files that were. keep.* says when.
  virtual Task<Result<std::size_t>> remove(JobId job, std::string dropped_name, Kept kept) = 0;

  /// Free bytes where state/ and outbox/ are. Kind `no_space`: there may be bytes, but no inodes for a job's files.
  virtual Task<Result<std::uint64_t>> free_bytes() = 0;
};

}  // namespace sluice::ports
