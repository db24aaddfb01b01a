#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace sluice::adapters::ledger {

/// A disk for SQLite that fails when it is told to, holds its breath in fsync, and remembers what a power cut would
/// leave: of every file, the bytes it had at its last fsync. One a process; name it in Options::vfs.
class FaultVfs {
 public:
  static constexpr const char* kName = "ledger-fault";
  static FaultVfs& instance();

  /// Forgets all that was counted, held or armed.
  void reset();

  /// After `calls` more writes, fsyncs and truncations, all of them fail with an SQLite code until heal().
  void fail_after(std::int64_t calls, int code);
  /// All of them, and every read: a disk that is gone.
  void fail_all(int code);
  void heal();

  /// Fsyncs wait from now on until release().
  void hold_syncs();
  void release_syncs();
  /// Returns when an fsync is waiting.
  void wait_until_held();

  std::uint64_t syncs();

  /// From now on every fsync is remembered (the whole file: slow with a large one).
  void remember_syncs();
  /// Puts into `folder` what a power cut now would leave of the files.
  void write_durable_to(const std::string& folder);

  // Called by the shim.
  bool gives_nothing();
  std::optional<int> before_change();
  void before_sync();
  void synced(const std::string& path);
  void removed(const std::string& path);

 private:
  FaultVfs();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<std::int64_t> calls_left_;
  int code_ = 0;
  bool gives_nothing_ = false;
  bool holding_ = false;
  int held_ = 0;
  std::uint64_t syncs_ = 0;
  bool remembering_ = false;
  std::map<std::string, std::string> durable_;
};

}  // namespace sluice::adapters::ledger
