#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <thread>
#include <type_traits>
#include <utility>

#include "sluice/ports/clock.hpp"

namespace sluice::adapters::spool {

/// The threads on which files are worked. Work once begun ends: a cancelled caller hears of it later, and what the
/// work uses must be its own (by value or shared).
class Offload {
 public:
  /// Two threads: a long copy doesn't stop the results of other jobs. Throws std::system_error where there are none to
  /// be had. (Asio's thread_pool would then wait for its first thread for good.)
  Offload() : working_(boost::asio::make_work_guard(pool_)), in_turn_(boost::asio::make_strand(pool_)) {
    try {
      for (auto& thread : threads_) thread = std::jthread([this] { pool_.run(); });
    } catch (...) {
      pool_.stop();
      throw;
    }
  }
  ~Offload() { working_.reset(); }
  Offload(const Offload&) = delete;
  Offload& operator=(const Offload&) = delete;

  /// Does the work on one of the threads and comes back on the caller's executor.
  template <class Work>
  auto anywhere(Work work) {
    return on(pool_.get_executor(), std::move(work));
  }
  /// The same, one after the other in the order asked for: the inbox.
  template <class Work>
  auto in_turn(Work work) {
    return on(in_turn_, std::move(work));
  }

 private:
  template <class Executor, class Work>
  static auto on(Executor executor, Work work) -> ports::Task<std::invoke_result_t<Work&>> {
    using Value = std::invoke_result_t<Work&>;
    auto begin = [executor](auto handler, Work task) {
      auto back = boost::asio::get_associated_executor(handler);
      auto guard = boost::asio::make_work_guard(back);
      boost::asio::post(
          executor, [task = std::move(task), handler = std::move(handler), back, guard = std::move(guard)]() mutable {
            Value value = task();
            boost::asio::post(back, [handler = std::move(handler), value = std::move(value)]() mutable {
              std::move(handler)(std::move(value));
            });
          });
    };
    return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void(Value)>(
        std::move(begin), boost::asio::use_awaitable, std::move(work));
  }

  boost::asio::io_context pool_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> working_;
  boost::asio::strand<boost::asio::io_context::executor_type> in_turn_;
  std::array<std::jthread, 2> threads_;  ///< last, so that they are joined first
};

}  // namespace sluice::adapters::spool
