#pragma once

#include <string_view>

namespace sluice::app {

/// One that sends to who listens at `path`, "@NAME" for an abstract name (unix(7)); -1: nobody does.
int datagram_socket(std::string_view path);

}  // namespace sluice::app
