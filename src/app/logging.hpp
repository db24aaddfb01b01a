#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// Points spdlog's default logger at stderr in the settings' format and level. When stderr is the journal
/// ($JOURNAL_STREAM, systemd.exec(5)), lines begin with their priority (sd-daemon(3)) and text goes without a time,
/// which the journal has. A reader that stalls is never waited for (LogWriter): the log says how many lines it
/// missed, once it reads again. May be called again after a reload; not from several threads.
void set_up_logging(const config::Settings& settings);

struct LogStyle {
  config::LogFormat format = config::LogFormat::text;
  bool journal = false;
  text::Lang language = text::Lang::en;
};

/// One line for one message, its end included, in one language. Whatever the message carries, it stays one line without
/// control characters: a file's name can't forge a second one. The longest are cut.
std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message);

/// Writes lines to a descriptor and never waits for whoever reads it: a log reader that stalls must not stop orders, a
/// pause or a SIGTERM. What can't be written now is kept, up to 256 KiB; beyond it whole lines are dropped and counted.
/// One thread at a time.
class LogWriter {
 public:
  /// The descriptor stays the caller's. It may be shared with other processes: nothing about it is changed.
  explicit LogWriter(int fd);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;

  /// Dropped, too, while earlier dropped lines are still unreported: so the report stands exactly where the gap is.
  void put(std::string_view line);
  /// Writes what is kept, as far as it goes now. Whether nothing is left.
  bool flush();
  /// Lines dropped since this was last asked; 0 as long as they can't be reported to the reader.
  std::uint64_t take_dropped();

 private:
  enum class Kind : std::uint8_t { file, socket, own_description, shared_description };
  std::int64_t write_now(std::string_view bytes) const;

  int fd_;
  Kind kind_ = Kind::file;
  std::string kept_;
  std::uint64_t dropped_ = 0;
};

}  // namespace sluice::app
