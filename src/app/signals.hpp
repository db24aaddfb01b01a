#pragma once

#include <boost/asio/signal_set.hpp>

#include <string>

#include "machine.hpp"

namespace sluice::app {

/// SIGTERM and SIGINT stop, SIGHUP reloads; the second of the first two does nothing more.
class Signals {
 public:
  /// The machine outlives it.
  Signals(Machine& machine, std::string config_path);
  void end() { signals_.cancel(); }
  bool told_to_stop() const { return told_to_stop_; }

 private:
  void wait();
  void reload();
  Result<void> take_over();

  Machine& machine_;
  std::string config_path_;
  boost::asio::signal_set signals_;
  bool told_to_stop_ = false;
};

}  // namespace sluice::app
