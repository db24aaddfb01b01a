#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::adapters {

using InboxSettings = decltype(config::Settings::inbox);

/// The right to work a spool: an open-file-description lock on state/lock, held for the object's life. Dies with the
/// process, however it dies (fcntl(2), F_OFD_SETLK); the file stays, and holds the holder's pid for people.
class SpoolLock {
 public:
  /// Makes what is missing of the folders first. Kind `busy`: another process works this spool (exit 75); `no_space`:
  /// the disk is full; anything else is kind `config` (exit 78).
  static Result<SpoolLock> take(const std::string& spool);
  /// Whether another process works this spool now. Makes and takes nothing; false where it can't be told.
  static bool held_elsewhere(const std::string& spool);
  SpoolLock(SpoolLock&& other) noexcept;
  SpoolLock& operator=(SpoolLock&& other) noexcept;
  ~SpoolLock();

 private:
  explicit SpoolLock(int fd) : fd_(fd) {}
  int fd_ = -1;
};

/// What state/ holds of a job, told without a ledger.
struct Remains {
  JobId job;
  std::optional<std::string> dropped_name;     ///< noted at the claim, where the file system has symbolic links
  bool claimed = false;                        ///< the claimed file is there
  std::vector<ports::OutputKind> temporaries;  ///< not known to be complete
};

/// The spool on POSIX files. Folders are reached by descriptors and names by single components, so neither `..` nor a
/// symbolic link leads out. File work runs on threads of its own, which the destructor joins; everything else belongs
/// to the executor's thread, of which there is one. Clock and executor outlive the spool, and the spool outlives what
/// it handed out. Not cancelled: a cancelled caller hears after the work is done.
class PosixSpool final : public ports::Spool {
 public:
  /// Makes missing folders (2770, setgid; state/ 0700), takes the lock and tries whether the folders can rename into
  /// each other without replacing. Kinds: `busy` (exit 75), `no_space`, `config` (exit 78; the words say which folder
  /// and why).
  static Result<std::unique_ptr<PosixSpool>> open(const std::string& spool, InboxSettings inbox, ports::Clock& clock,
                                                  boost::asio::any_io_executor executor);
  /// For commands that only look: no lock, nothing is made or tried. A missing folder is kind `config`.
  static Result<std::unique_ptr<PosixSpool>> open_to_look(const std::string& spool, InboxSettings inbox,
                                                          ports::Clock& clock, boost::asio::any_io_executor executor);
  ~PosixSpool() override;

  /// From the next scan on.
  void reload(InboxSettings inbox);
  /// Why there are no hints (inotify's limits, for instance), for the log; empty: there are. Scans go on all the same.
  std::string hints_trouble() const;
  /// What is in state/, by job: for `recover`.
  ports::Task<Result<std::vector<Remains>>> remains();

  ports::Task<void> wait_for_change(Boottime until) override;
  void wake() override;
  ports::Task<Result<std::vector<ports::InboxEntry>>> scan() override;
  ports::Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry entry) override;
  ports::Task<Result<std::vector<JobId>>> claimed() override;
  ports::Task<Result<bool>> claim_completed(JobId job, std::string name, ports::FileIdentity source) override;
  ports::Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId job) override;
  ports::Task<Result<std::unique_ptr<ports::Output>>> create(JobId job, ports::OutputKind kind) override;
  ports::Task<Result<void>> discard(JobId job, ports::OutputKind kind) override;
  ports::Task<Result<void>> publish(JobId job, ports::OutputKind kind, std::string dropped_name) override;
  ports::Task<Result<void>> archive(JobId job, std::string dropped_name) override;
  ports::Task<Result<void>> reject(JobId job, std::string dropped_name, std::string reason) override;
  ports::Task<Result<void>> progress(JobId job, std::string dropped_name, std::string line) override;
  ports::Task<Result<std::uint64_t>> free_bytes() override;

 private:
  class Impl;
  explicit PosixSpool(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::adapters
