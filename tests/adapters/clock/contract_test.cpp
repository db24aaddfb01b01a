#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <exception>
#include <optional>

#include "clock_contract.hpp"
#include "sluice/adapters/clock/system_clock.hpp"

namespace sluice {
namespace {

class SystemClockMaker {
 public:
  ports::Clock& clock() { return *clock_; }
  template <class T>
  T wait(ports::Task<T> task) {
    std::optional<T> result;
    boost::asio::co_spawn(context_, std::move(task), [&](const std::exception_ptr& thrown, T value) {
      if (!thrown) result.emplace(std::move(value));
    });
    context_.restart();
    context_.run();
    return std::move(result).value();
  }

 private:
  boost::asio::io_context context_;
  std::unique_ptr<ports::Clock> clock_ = adapters::clock::system_clock(context_.get_executor()).value();
};

INSTANTIATE_TYPED_TEST_SUITE_P(System, ClockContract, SystemClockMaker);

}  // namespace
}  // namespace sluice
