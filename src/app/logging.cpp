#include "logging.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "journal_socket.hpp"
#include "language.hpp"
#include "log_writer.hpp"
#include "sluice/text/about.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/program.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kMostCharacters = 8'000;

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

/// Stderr; where that is the journal, its socket.
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
    const auto words = text::words::log_lines_lost(dropped);
    put({"", spdlog::level::warn, words});
  }

  LogWriter writer_{journal_socket() < 0 ? STDERR_FILENO : journal_socket()};
};

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

/// Of the places that a log may go to, the one this process's goes to.
LogPlace place() {
  if (journal_socket() >= 0) return LogPlace::journal;
  return stderr_is_journal() ? LogPlace::journal_stream : LogPlace::people;
}

/// What the message is about, each in its form.
std::string fields(std::string_view form, std::string_view job_name, std::string_view request_name,
                   const text::LogMessage& parts) {
  std::string out;
  if (!parts.job.empty()) out += fmt::format(fmt::runtime(form), job_name, parts.job);
  if (!parts.request.empty()) out += fmt::format(fmt::runtime(form), request_name, text::json_escaped(parts.request));
  return out;
}

}  // namespace

void set_up_logging(const config::Settings& settings) {
  constexpr const char* kName = "sluice";
  if (spdlog::get(kName) == nullptr) {
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(kName, std::make_shared<StderrSink>()));
  }
  spdlog::set_formatter(std::make_unique<LineFormatter>(
      LogStyle{.format = settings.log.format, .place = place(), .language = language_of(settings.language)}));
  spdlog::set_level(static_cast<spdlog::level::level_enum>(settings.log.level));
}

std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message) {
  const Named& named = kLevels[static_cast<std::size_t>(level)];
  const auto parts = text::parts_of(message);
  auto words = one_line(style.language, parts.words);
  if (style.format == config::LogFormat::json) {
    words = fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",{}\"message\":\"{}\"}}", time_text(at), named.name,
                        fields("\"{}\":\"{}\",", "job", "request", parts), text::json_escaped(words));
  }
  switch (style.place) {
    case LogPlace::journal:
      return fmt::format("PRIORITY={}\nSYSLOG_IDENTIFIER=sluice\n{}MESSAGE={}\n", named.priority,
                         fields("{}={}\n", "SLUICE_JOB", "SLUICE_REQUEST", parts), words);
    case LogPlace::journal_stream:
      return fmt::format("<{}>{}\n", named.priority, words);
    case LogPlace::people:
      break;
  }
  if (style.format == config::LogFormat::json) return words + "\n";
  return fmt::format("{} {} {}\n", time_text(at), named.padded, words);
}

}  // namespace sluice::app
