#include "sluice/ports/task_group.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

#include "sluice/base/check.hpp"

namespace sluice::ports {

namespace {

/// Counts a child down however its frame ends: returned, or destroyed with its executor.
class Running {
 public:
  Running(std::size_t& running, Clock::Timer& ended) : running_(running), ended_(ended) {}
  ~Running() {
    --running_;
    ended_.wake();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  std::size_t& running_;
  Clock::Timer& ended_;
};

}  // namespace

TaskGroup::TaskGroup(boost::asio::any_io_executor executor, Clock& clock)
    : executor_(std::move(executor)), clock_(clock), ended_(clock.timer()) {}

TaskGroup::~TaskGroup() {
  SLUICE_CHECK(running_ == 0, "a task group died with children");
}

Task<void> TaskGroup::run(Task<void> task) {
  const Running running(running_, *ended_);
  co_await std::move(task);
}

void TaskGroup::spawn(Task<void> task) {
  ++running_;
  boost::asio::co_spawn(executor_, run(std::move(task)), [](const std::exception_ptr& thrown) {
    SLUICE_CHECK(thrown == nullptr, "an exception left a task");
  });
}

Task<void> TaskGroup::join() {
  while (running_ > 0) co_await ended_->wait(clock_.now() + std::chrono::hours(1));
}

}  // namespace sluice::ports
