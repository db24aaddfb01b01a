#include "logging.hpp"

#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>

#include "log_line.hpp"

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
    spdlog::set_default_logger(
        std::make_shared<spdlog::logger>(kName, std::make_shared<spdlog::sinks::stderr_sink_mt>()));
  }
  spdlog::set_formatter(
      std::make_unique<LineFormatter>(LogStyle{.format = settings.log.format, .journal = stderr_is_journal()}));
  spdlog::set_level(static_cast<spdlog::level::level_enum>(settings.log.level));
}

}  // namespace sluice::app
