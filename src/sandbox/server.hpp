#pragma once

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

#include "api.hpp"
#include "options.hpp"
#include "sluice/base/error.hpp"

namespace sluice::sandbox {

/// Serves an Api over HTTP on loopback, plain or TLS. Its connections end when it is stopped; after that the context
/// runs dry. The context and the Api outlive it, and it outlives the context's run.
class Server {
 public:
  Server(boost::asio::io_context& context, Api& api, const Options& options);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Opens the port and begins to accept; the base URL. Kind usage: not a loopback address.
  Result<std::string> listen();
  /// No new connections, and the open ones are cut.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::sandbox
