#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// Points spdlog's default logger at stderr in the settings' format and level. When stderr is the journal, messages go
/// to the journal's own socket, with priority, job and request as fields. A reader that stalls is never waited for
/// (LogWriter): the log says how many lines it missed, once it reads again. May be called again after a reload; not
/// from several threads.
void set_up_logging(const config::Settings& settings);

enum class LogPlace : std::uint8_t {
  people,          ///< a terminal, a file, a pipe
  journal_stream,  ///< lines that begin with their priority (sd-daemon(3)); text goes without a time, which it has
  journal,         ///< one datagram a message: lines FIELD=value (systemd.io, Native Journal Protocol)
};

struct LogStyle {
  config::LogFormat format = config::LogFormat::text;
  LogPlace place = LogPlace::people;
  text::Lang language = text::Lang::en;
};

/// One line for one message, its end included, in one language. Whatever the message carries, it stays one line without
/// control characters: a file's name can't forge a second one. The longest are cut.
std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message);

}  // namespace sluice::app
