#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::adapters::spool {

class Offload;

/// In this order they are fsynced. A file that goes from one folder to another is durable where it goes to before it is
/// so where it came from: after a power cut it is in both or in the new one, and never in none (rename(2) says nothing
/// of durability). Out of the inbox files go into state/, and out of state/ into all others.
enum class SyncOrder : std::uint8_t { last_job, outbox, archive, state, inbox };

/// A folder in which something was changed that is not durable yet.
struct Unsynced {
  SyncOrder order;
  std::shared_ptr<const posix::Fd> fd;  ///< by which it was changed: its path may lead to another one meanwhile
  std::string shown;                    ///< for people
};

/// Makes changes of folders durable. Those that wait together share one fsync of each folder: of a hundred files that
/// come and go side by side, each pays a little of it. Belongs to the executor's thread.
class SyncRounds {
 public:
  explicit SyncRounds(Offload& offload) : offload_(offload) {}

  /// Returns when each was fsynced by a call that began after this one. After an error the folders that come later in
  /// the order are not, and whoever asked for them hears of it.
  ports::Task<Result<void>> sync(std::vector<Unsynced> changed);
  /// How many it took so far.
  std::size_t fsyncs() const { return fsyncs_; }

 private:
  struct Waiting {
    std::vector<Unsynced> changed;
    std::move_only_function<void(Result<void>)> done;
  };
  using Round = std::vector<Waiting>;

  Round take_waiting();
  bool has_waiting();
  void begin_round(const boost::asio::any_io_executor& executor);
  struct Outcome {
    std::vector<Result<void>> results;
    std::size_t fsyncs = 0;
  };
  static Outcome carry_out(const Round& round);

  Offload& offload_;
  std::mutex mutex_;  ///< a round is taken on a file thread
  Round waiting_;
  bool under_way_ = false;
  std::size_t fsyncs_ = 0;
};

}  // namespace sluice::adapters::spool
