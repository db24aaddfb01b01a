#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "postgresql/store.hpp"

namespace sluice::adapters::postgresql {

/// The ledger's thread. It takes all that waits at once: first the commits, together, then the reads; when nothing
/// waits, it sweeps. `done` is called on it, after the commit is durable, and must only hand the result on.
class Worker {
 public:
  explicit Worker(Store store);
  /// Carries out what is queued, then joins; waits no longer for a server that is away.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void commit(Changes changes, std::move_only_function<void(Result<void>)> done);
  void read(std::move_only_function<void(Store&)> query);

 private:
  struct Commit {
    Changes changes;
    std::move_only_function<void(Result<void>)> done;
  };
  struct Round {
    std::vector<Commit> commits;
    std::vector<std::move_only_function<void(Store&)>> reads;
    bool empty() const { return commits.empty() && reads.empty(); }
  };

  void work();
  Round take_round(bool wait);
  void carry_out(Round round);

  Store store_;
  std::mutex mutex_;
  std::condition_variable arrived_;
  Round waiting_;
  bool stopping_ = false;
  std::jthread thread_;  // last: it uses all of the above
};

}  // namespace sluice::adapters::postgresql
