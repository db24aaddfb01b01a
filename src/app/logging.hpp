#pragma once

#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Points spdlog's default logger at stderr in the settings' format and level. When stderr is the journal
/// ($JOURNAL_STREAM, systemd.exec(5)), lines begin with their priority (sd-daemon(3)) and text goes without a time,
/// which the journal has. A reader that stalls is never waited for (log_writer.hpp): the log says how many lines it
/// missed, once it reads again. May be called again after a reload; not from several threads.
void set_up_logging(const config::Settings& settings);

}  // namespace sluice::app
