#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

#include "life.hpp"
#include "sim_clock.hpp"
#include "weather.hpp"

namespace sluice::simulation {

/// One process without an engine, for trying a single port.
struct Workbench {
  explicit Workbench(std::uint64_t crash_at = 0)
      : guard(boost::asio::make_work_guard(context)),
        life(timeline, context.get_executor(), Random(7), trace, crash_at) {}
  ~Workbench() { kill(); }
  Workbench(const Workbench&) = delete;
  Workbench& operator=(const Workbench&) = delete;

  template <class T>
  void start(ports::Task<T> task, std::optional<T>& result) {
    boost::asio::co_spawn(context, std::move(task), [&result](const std::exception_ptr& thrown, T value) {
      if (!thrown) result = std::move(value);
    });
  }

  /// Runs the task to its end, or until nothing happens any more (it hangs, or its process is dead).
  template <class T>
  std::optional<T> run(ports::Task<T> task) {
    std::optional<T> result;
    start(std::move(task), result);
    run_all();
    return result;
  }

  void run_all() {
    do context.poll();
    while (!life.dead() && timeline.run_next(Timeline::kForever));
  }

  void kill() {
    life.die();
    timeline.drop_process();
    context.poll();
  }

  boost::asio::io_context context;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard;
  Timeline timeline;
  Trace trace{true};
  Clocks clocks{.wall_base = WallTime{} + std::chrono::days(20'500)};
  Weather weather;
  Life life;
};

}  // namespace sluice::simulation
