#pragma once

#include <boost/asio/error.hpp>
#include <string>

#include "sluice/text/words/upstream.hpp"

namespace sluice::adapters::upstream {

/// What the system says of a connection, in both languages where it is one of the usual things.
inline std::string spoken(const boost::system::error_code& error) {
  namespace asio = boost::asio;
  namespace words = text::words;
  if (error == asio::error::connection_reset) return words::says_reset();
  if (error == asio::error::broken_pipe) return words::says_broken_pipe();
  if (error == asio::error::eof) return words::says_end();
  if (error == asio::error::network_unreachable) return words::says_unreachable();
  if (error == asio::error::host_unreachable) return words::says_no_route();
  if (error == asio::error::timed_out) return words::says_timed_out();
  return error.message();
}

}  // namespace sluice::adapters::upstream
