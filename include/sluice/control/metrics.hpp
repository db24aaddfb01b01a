#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/base/error.hpp"
#include "sluice/pipeline/engine.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/clock.hpp"

namespace sluice::control {

/// The picture and what happened since the start, in Prometheus's text format 0.0.4 (docs/operations.md, Metrics). The
/// labels' values are fixed words, so that a scrape has some hundred lines whatever is dropped.
std::string metrics_text(const pipeline::Status& status);
inline constexpr std::string_view kMetricsType = "text/plain; version=0.0.4; charset=utf-8";

/// GET /metrics over HTTP/1.1 on a TCP address, for Prometheus. No password guards it; it shows counts, never names. At
/// most eight are connected at once, each for at most five seconds a request. The engine and the clock outlive it. One
/// executor thread.
class MetricsServer {
 public:
  /// Binds and listens. `address`: ADDRESS:PORT, IPv6 in brackets; port 0: the system picks. Kind config: it can't be
  /// bound, and why.
  static Result<std::unique_ptr<MetricsServer>> open(boost::asio::any_io_executor executor, const std::string& address,
                                                     pipeline::Engine& engine, ports::Clock& clock);
  /// Once started, after stop() and when the executor has run out of the server's work; else aborts.
  ~MetricsServer();
  /// Begins to answer.
  void start();
  /// Closes the address and every connection.
  void stop();
  /// The port that is bound.
  std::uint16_t port() const;

 private:
  class Impl;
  explicit MetricsServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::control
