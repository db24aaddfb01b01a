#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <string>
#include <vector>

#include "sluice/ports/clock.hpp"

namespace sluice::adapters::upstream {

/// Host names into addresses. getaddrinfo(3) can't be cut short, so an asker may leave before the answer comes, and
/// askers who come meanwhile share the question under way.
class Lookup {
 public:
  using Endpoints = std::vector<boost::asio::ip::tcp::endpoint>;
  struct Answer {
    boost::system::error_code error;  ///< operation_aborted: the asker left first
    Endpoints endpoints;
  };

  explicit Lookup(boost::asio::any_io_executor executor);

  /// `patience` is the asker's own: it leaves when that expires or is cancelled.
  ports::Task<Answer> ask(std::string host, std::string port, boost::asio::steady_timer& patience);

 private:
  struct Question;
  std::shared_ptr<Question> ask_system(const std::string& host, const std::string& port);

  boost::asio::ip::tcp::resolver resolver_;
  std::shared_ptr<Question> last_;
};

}  // namespace sluice::adapters::upstream
