#include "logging.hpp"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "language.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kMostCharacters = 8'000;
constexpr std::size_t kMostKept = 256 * 1024;

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

struct Named {
  std::string_view name;
  std::string_view padded;
  int priority;  ///< syslog's, which sd-daemon(3) takes
};
constexpr Named kLevels[] = {
    {"trace", "trace", 7}, {"debug", "debug", 7}, {"info", "info ", 6}, {"warn", "warn ", 4}, {"error", "error", 3}};

std::string time_text(WallTime at) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (at - seconds).count());
}

/// Messages of several lines, such as all that is wrong with a settings file, are logged as one.
std::string one_line(text::Lang language, std::string_view message) {
  std::string joined;
  for (const char c : text::in(language, message)) {
    if (c == '\n')
      joined += "; ";
    else
      joined += c;
  }
  return text::shown(joined, kMostCharacters);
}

}  // namespace

void set_up_logging(const config::Settings& settings) {
  constexpr const char* kName = "sluice";
  if (spdlog::get(kName) == nullptr) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(kName, std::make_shared<StderrSink>()));
  }
  spdlog::set_formatter(std::make_unique<LineFormatter>(LogStyle{
      .format = settings.log.format, .journal = stderr_is_journal(), .language = language_of(settings.language)}));
  spdlog::set_level(static_cast<spdlog::level::level_enum>(settings.log.level));
}

std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message) {
  const Named& named = kLevels[static_cast<std::size_t>(level)];
  const std::string priority = style.journal ? fmt::format("<{}>", named.priority) : "";
  if (style.format == config::LogFormat::json) {
    return fmt::format("{}{{\"time\":\"{}\",\"level\":\"{}\",\"message\":\"{}\"}}\n", priority, time_text(at),
                       named.name, text::json_escaped(one_line(style.language, message)));
  }
  if (style.journal) return fmt::format("{}{}\n", priority, one_line(style.language, message));
  return fmt::format("{} {} {}\n", time_text(at), named.padded, one_line(style.language, message));
}

// O_NONBLOCK belongs to the open file description (open(2)), which stderr shares with whoever started us: for a pipe or
// a terminal a description of our own is opened. Where that is not allowed (another user's pipe), poll() says whether
// PIPE_BUF bytes fit, and no more than that is written at once (pipe(7)).
LogWriter::LogWriter(int fd) : fd_(fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0 || S_ISREG(about.st_mode)) return;
  if (S_ISSOCK(about.st_mode)) {
    kind_ = Kind::socket;
    return;
  }
  const int own =
      ::open(fmt::format("/proc/self/fd/{}", fd).c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_APPEND);
  kind_ = own < 0 ? Kind::shared_description : Kind::own_description;
  if (own >= 0) fd_ = own;
}

LogWriter::~LogWriter() {
  flush();
  if (kind_ == Kind::own_description) ::close(fd_);
}

std::int64_t LogWriter::write_now(std::string_view bytes) const {
  if (kind_ == Kind::socket) return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (kind_ != Kind::shared_description) return ::write(fd_, bytes.data(), bytes.size());
  pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
  if (::poll(&room, 1, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

bool LogWriter::flush() {
  std::size_t done = 0;
  while (done < kept_.size()) {
    const auto wrote = write_now(std::string_view(kept_).substr(done));
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) break;
    done = wrote < 0 ? kept_.size() : done + static_cast<std::size_t>(wrote);  // nobody reads it any more
  }
  kept_.erase(0, done);
  return kept_.empty();
}

void LogWriter::put(std::string_view line) {
  if (dropped_ == 0 && kept_.size() + line.size() > kMostKept) flush();
  if (dropped_ > 0 || kept_.size() + line.size() > kMostKept) {
    ++dropped_;
    return;
  }
  kept_ += line;
  flush();
}

std::uint64_t LogWriter::take_dropped() {
  return dropped_ > 0 && flush() ? std::exchange(dropped_, 0) : 0;
}

}  // namespace sluice::app
