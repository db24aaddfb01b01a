#pragma once

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <string>

#include "sluice/base/error.hpp"
#include "sluice/config/settings.hpp"
#include "web/guard.hpp"

namespace sluice::control::web {

using Acceptor = boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol>;

/// Binds and listens on control.web, and says in `entrance` how browsers come in. Kind config: it can't be, and why. A
/// Unix socket is for the operators' group alone, for whoever connects there may be believed whom he names; one that a
/// dead process left is replaced.
Result<void> listen_on(const config::Settings& settings, Acceptor& acceptor, Entrance& entrance);
/// The Unix socket's file; empty: it is none.
std::string socket_file(const config::Settings& settings);

}  // namespace sluice::control::web
