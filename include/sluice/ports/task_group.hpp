#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>

#include "sluice/ports/clock.hpp"

namespace sluice::ports {

/// Coroutines that somebody waits for: nothing runs outside a group. One joiner at a time.
class TaskGroup {
 public:
  TaskGroup(boost::asio::any_io_executor executor, Clock& clock);
  /// A group that dies with children is our bug: aborts.
  ~TaskGroup();
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;

  /// Starts it soon, on the executor. An exception out of it aborts: what can fail says so by Result.
  void spawn(Task<void> task);
  std::size_t size() const { return running_; }
  /// Returns when no child runs.
  Task<void> join();

 private:
  Task<void> run(Task<void> task);

  boost::asio::any_io_executor executor_;
  Clock& clock_;
  std::unique_ptr<Clock::Timer> ended_;
  std::size_t running_ = 0;
};

}  // namespace sluice::ports
