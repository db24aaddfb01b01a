#include "log_line.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <string>

#include "sluice/text/shown.hpp"

namespace sluice::app {
namespace {

constexpr std::size_t kMostCharacters = 8'000;

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

/// Words of several lines, such as all that is wrong with a settings file, are told in one.
std::string one_line(std::string_view message) {
  std::string joined;
  for (const char c : message) {
    if (c == '\n')
      joined += "; ";
    else
      joined += c;
  }
  return text::shown(joined, kMostCharacters);
}

}  // namespace

std::string log_line(LogStyle style, config::LogLevel level, WallTime at, std::string_view message) {
  const Named& named = kLevels[static_cast<std::size_t>(level)];
  const std::string priority = style.journal ? fmt::format("<{}>", named.priority) : "";
  if (style.format == config::LogFormat::json) {
    return fmt::format("{}{{\"time\":\"{}\",\"level\":\"{}\",\"message\":\"{}\"}}\n", priority, time_text(at),
                       named.name, text::json_escaped(one_line(message)));
  }
  if (style.journal) return fmt::format("{}{}\n", priority, one_line(message));
  return fmt::format("{} {} {}\n", time_text(at), named.padded, one_line(message));
}

}  // namespace sluice::app
