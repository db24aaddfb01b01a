#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>
#include <utility>

#include "sluice/ports/clock.hpp"

namespace sluice::app {

/// Runs `io` until the task has ended, and leaves it ready to run again: for what happens before, or without, the
/// engine.
template <class T>
T finish(boost::asio::io_context& io, ports::Task<T> task) {
  std::optional<T> result;
  boost::asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& thrown, T value) {
    if (thrown) std::rethrow_exception(thrown);
    result = std::move(value);
  });
  while (!result && io.run_one() > 0) {
  }
  io.restart();  // it stops by itself when nothing is left to do
  return std::move(*result);
}

}  // namespace sluice::app
