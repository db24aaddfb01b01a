#pragma once

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

#include "sluice/base/error.hpp"

namespace sluice::adapters::queue {

/// Carries a result from an adapter's thread to the executor of the coroutine that waits for it, and keeps that
/// executor's context at work meanwhile.
template <class Handler, class T>
class Delivery {
 public:
  explicit Delivery(Handler handler)
      : work_(boost::asio::make_work_guard(boost::asio::get_associated_executor(handler))),
        handler_(std::move(handler)) {}

  void operator()(Result<T> result) {
    // Posted, not called: the coroutine must go on on its own thread, since nothing in the pipeline has a lock.
    auto executor = work_.get_executor();
    boost::asio::post(executor, [handler = std::move(handler_), result = std::move(result)]() mutable {
      std::move(handler)(std::move(result));
    });
    work_.reset();
  }

 private:
  boost::asio::executor_work_guard<boost::asio::associated_executor_t<Handler>> work_;
  Handler handler_;
};

}  // namespace sluice::adapters::queue
