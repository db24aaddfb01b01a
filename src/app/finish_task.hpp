#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

#include "sluice/ports/clock.hpp"

namespace sluice::app {

/// Runs `io` until the task has ended: for what happens before, or without, the engine. Another thread may give back
/// its last work only after that, which stops `io`: whoever runs it next has work there first, and then restarts it.
template <class T>
T finish(boost::asio::io_context& io, ports::Task<T> task) {
  const auto work = boost::asio::make_work_guard(io);
  io.restart();
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& thrown, T value) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(value);
  });
  while (!result) io.run_one();
  return std::move(*result);
}

}  // namespace sluice::app
