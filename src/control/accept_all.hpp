#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>

#include "sluice/ports/clock.hpp"

namespace sluice::control {

/// Gives each connection to `admit`, until the acceptor is closed (then wake `pause`, too). Where the kernel can give
/// none, for want of descriptors, `relieve` may free one and say so; else the next try waits a moment. All of it
/// outlives the coroutine.
template <class Acceptor, class Relieve, class Admit>
ports::Task<void> accept_all(Acceptor& acceptor, ports::Clock& clock, ports::Clock::Timer& pause, Relieve relieve,
                             Admit admit) {
  constexpr auto kAcceptAgain = std::chrono::milliseconds(200);
  while (acceptor.is_open()) {
    boost::system::error_code error;
    auto socket = co_await acceptor.async_accept(boost::asio::redirect_error(boost::asio::use_awaitable, error));
    if (error == boost::asio::error::operation_aborted) co_return;
    if (error && !relieve()) co_await pause.wait(clock.now() + kAcceptAgain);
    if (!error) admit(std::move(socket));
  }
}

}  // namespace sluice::control
