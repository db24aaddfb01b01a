#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

namespace web {
struct Desk;
}

/// Bounds on what browsers, and whoever else connects, can cost.
struct WebLimits {
  /// When so many are connected, the one that has been idle longest goes.
  std::size_t connections = 64;
  /// Of them, those that are not signed in: of these the oldest goes.
  std::size_t strangers = 32;
  /// For a request's head, for each piece of its body, and for each piece of the answer.
  std::chrono::milliseconds patience{20'000};
  std::chrono::milliseconds patience_with_strangers{5'000};
};

/// The routes under /v1 (docs/control-api.md) for the control socket, and the page with the same routes on control.web,
/// where that is set. All but executor outlive it. One executor thread.
class Web {
 public:
  struct Parts {
    pipeline::Engine& engine;
    ports::Ledger& ledger;
    ports::Clock& clock;
    const config::Settings& settings;  ///< a reload changes them in place
  };
  /// Binds and listens where control.web says so. Port 0: the system picks. Kind config: it can't be bound, and why.
  static Result<std::unique_ptr<Web>> open(boost::asio::any_io_executor executor, Parts parts, WebLimits limits = {});
  /// Once started, after stop() and when the executor has run out of its work; else aborts.
  ~Web();
  /// Begins to answer.
  void start();
  /// Closes the address, every connection and every event stream.
  void stop();
  /// The port that is bound; 0: none.
  std::uint16_t port() const;
  /// What the control socket's server answers /v1 with.
  web::Desk& desk();

 private:
  class Impl;
  explicit Web(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::control
