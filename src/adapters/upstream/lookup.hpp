#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sluice/ports/clock.hpp"
#include "upstream/race.hpp"

namespace sluice::adapters::upstream {

/// Those of this machine: plain http goes nowhere else, whatever /etc/hosts or a DNS server makes of `localhost`.
std::vector<Endpoint> loopback_of(std::vector<Endpoint> found);

/// What connecting has taught about a host's addresses. Pure.
class KnownAddresses {
 public:
  /// In the order to try them: the one that worked last, then IPv6 and IPv4 in turn, beginning with the family that the
  /// resolver put first (RFC 8305, 4).
  std::vector<Endpoint> in_order(std::vector<Endpoint> found) const;

  /// What a race came to. Words about each address that was passed over now and not the last time: an address that
  /// stays dead is reported once.
  std::vector<std::string> learn(const Endpoint& winner, const std::vector<Race::Passed>& passed);

 private:
  std::optional<Endpoint> worked_;
  std::set<Endpoint> dead_;
};

/// Host names into addresses, and what was learnt about them. getaddrinfo(3) can't be cut short, so a caller may give
/// up before the answer comes, and callers who come meanwhile share the query under way.
class Lookup {
 public:
  struct Answer {
    boost::system::error_code error;  ///< operation_aborted: the asker left first
    std::vector<Endpoint> endpoints;
  };

  explicit Lookup(boost::asio::any_io_executor executor);
  KnownAddresses& known() { return known_; }

  /// `patience` is the caller's own: it gives up when that expires or is cancelled.
  ports::Task<Answer> ask(std::string host, std::string port, boost::asio::steady_timer& patience);

 private:
  struct Question;
  std::shared_ptr<Question> ask_system(const std::string& host, const std::string& port);

  boost::asio::ip::tcp::resolver resolver_;
  std::shared_ptr<Question> last_;
  KnownAddresses known_;
};

}  // namespace sluice::adapters::upstream
