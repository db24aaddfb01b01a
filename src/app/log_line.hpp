#pragma once

#include <string>
#include <string_view>

#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

struct LogStyle {
  config::LogFormat format = config::LogFormat::text;
  bool journal = false;
};

/// One line for one message, its end included. Whatever the message carries, it stays one line without control
/// characters: a file's name can't forge a second one. The longest are cut.
std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message);

}  // namespace sluice::app
