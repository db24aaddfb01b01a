#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace sluice::app {

/// Writes lines to a descriptor and never waits for whoever reads it: a log reader that stalls must not stop orders, a
/// pause or a SIGTERM. What can't be written now is kept, up to 256 KiB; beyond it whole lines are dropped and counted.
/// One thread at a time.
class LogWriter {
 public:
  /// The descriptor stays the caller's. It may be shared with other processes: nothing about it is changed. On a
  /// datagram socket each line goes out as one datagram.
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
  void forget_all();

  int fd_;
  Kind kind_ = Kind::file;
  std::deque<std::string> kept_;
  std::size_t kept_bytes_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace sluice::app
