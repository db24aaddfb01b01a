#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "sluice/ports/clock.hpp"

namespace sluice::adapters::upstream {

/// What a peer does next on a connection.
struct Step {
  enum class What {
    read_request,   ///< head and body
    read_head,      ///< and none of the body
    send,           ///< bytes
    pause,          ///< time: the peer's slowness is what is tested
    goodbye,        ///< TLS close_notify
    close,          ///< FIN, and no close_notify
    reset,          ///< RST
    until_hung_up,  ///< waits for the client to end it
  } what;
  std::string bytes = {};
  std::chrono::milliseconds time{};
};
using Script = std::vector<Step>;

inline const Step kReadRequest{Step::What::read_request};
inline const Step kReadHead{Step::What::read_head};
inline const Step kGoodbye{Step::What::goodbye};
inline const Step kClose{Step::What::close};
inline const Step kReset{Step::What::reset};
inline const Step kUntilHungUp{Step::What::until_hung_up};
inline Step send(std::string bytes) {
  return {Step::What::send, std::move(bytes)};
}
inline Step pause(std::chrono::milliseconds time) {
  return {Step::What::pause, {}, time};
}

/// A loopback server that plays a script on each connection: the n-th script on the n-th, the last one on the rest. The
/// connection ends with its script.
class ScriptedPeer {
 public:
  ScriptedPeer(boost::asio::io_context& context, std::vector<Script> scripts, boost::asio::ssl::context* tls = nullptr);
  ~ScriptedPeer();
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  std::uint16_t port() const;
  std::string url(const std::string& host = "127.0.0.1") const;
  int accepted() const;
  int ended() const;                                 ///< connections whose script is over
  const std::vector<std::string>& requests() const;  ///< read so far, as they came
  void hold_handshakes();                            ///< from now on: accept, and never say a word

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace sluice::adapters::upstream
