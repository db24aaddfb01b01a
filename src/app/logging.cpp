#include "logging.hpp"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <mutex>

#include "log_line.hpp"
#include "log_writer.hpp"

namespace sluice::app {
namespace {

/// What spdlog knows beyond our five is as bad as an error.
config::LogLevel level_of(spdlog::level::level_enum level) {
  return level > spdlog::level::err ? config::LogLevel::error : static_cast<config::LogLevel>(level);
}
static_assert(static_cast<int>(spdlog::level::trace) == static_cast<int>(config::LogLevel::trace));
static_assert(static_cast<int>(spdlog::level::err) == static_cast<int>(config::LogLevel::error));

class LineFormatter : public spdlog::formatter {
 public:
  explicit LineFormatter(LogStyle style) : style_(style) {}
  void format(const spdlog::details::log_msg& message, spdlog::memory_buf_t& out) override {
    const auto at = std::chrono::floor<Millis>(message.time);
    const std::string line =
        log_line(style_, level_of(message.level), at, {message.payload.data(), message.payload.size()});
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(style_); }

 private:
  LogStyle style_;
};

class StderrSink final : public spdlog::sinks::base_sink<std::mutex> {
 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    tell_dropped();
    put(message);
  }
  void flush_() override {
    writer_.flush();
    tell_dropped();
  }

 private:
  void put(const spdlog::details::log_msg& message) {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    writer_.put({line.data(), line.size()});
  }
  void tell_dropped() {
    const auto dropped = writer_.take_dropped();
    if (dropped == 0) return;
    const auto words = fmt::format("{} lines of this log are missing here: whoever reads it did not keep up", dropped);
    put({"", spdlog::level::warn, words});
  }

  LogWriter writer_{STDERR_FILENO};
};

/// The variable alone is inherited by whatever a service starts, redirected or not: the stream must be stderr itself.
bool stderr_is_journal() {
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status{};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

}  // namespace

void set_up_logging(const config::Settings& settings) {
  constexpr const char* kName = "sluice";
  if (spdlog::get(kName) == nullptr) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(kName, std::make_shared<StderrSink>()));
  }
  spdlog::set_formatter(
      std::make_unique<LineFormatter>(LogStyle{.format = settings.log.format, .journal = stderr_is_journal()}));
  spdlog::set_level(static_cast<spdlog::level::level_enum>(settings.log.level));
}

}  // namespace sluice::app
