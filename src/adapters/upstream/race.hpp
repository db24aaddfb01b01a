#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <vector>

#include "sluice/ports/clock.hpp"

namespace sluice::adapters::upstream {

using Endpoint = boost::asio::ip::tcp::endpoint;

/// Connects to whichever of a host's addresses answers first (RFC 8305, 5): they are tried in the order given, the next
/// one 250 ms after the last, or at once when no attempt is left. The losers are closed.
class Race : public std::enable_shared_from_this<Race> {
 public:
  using Time = boost::asio::steady_timer::time_point;

  Race(const boost::asio::any_io_executor& executor, std::vector<Endpoint> endpoints);

  /// Ends with the first connection, at `until`, when every address failed, or on stop(). Once.
  ports::Task<std::optional<boost::asio::ip::tcp::socket>> run(Time until);
  void stop();

  /// Without a winner: why, or operation_aborted where the time was over.
  boost::system::error_code error() const { return error_; }

  struct Passed {
    Endpoint endpoint;
    boost::system::error_code error;  ///< none: it is silent
  };
  /// The winner, and those that were tried before it in vain.
  const std::optional<Endpoint>& winner() const { return winning_; }
  std::vector<Passed> passed() const;

 private:
  struct Attempt {
    boost::asio::ip::tcp::socket socket;
    boost::system::error_code error;
  };

  void start_next();
  void ended(std::size_t which, boost::system::error_code error);

  boost::asio::any_io_executor executor_;
  boost::asio::steady_timer bell_;
  std::vector<Endpoint> endpoints_;
  std::vector<std::unique_ptr<Attempt>> attempts_;  ///< one for each of the first endpoints
  std::size_t pending_ = 0;
  std::optional<std::size_t> first_;  ///< the attempt that came up first
  std::optional<Endpoint> winning_;
  boost::system::error_code error_;
  bool stopped_ = false;
};

}  // namespace sluice::adapters::upstream
