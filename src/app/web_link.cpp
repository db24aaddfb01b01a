// `sluice web`: a link that signs one browser in as whoever runs the command.
#include <fmt/format.h>
#include <boost/json.hpp>

#include <cstdio>
#include <string>

#include "command_line.hpp"
#include "language.hpp"
#include "machine.hpp"
#include "settings_file.hpp"
#include "sluice/control/client.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/web.hpp"
#include "spool_owner.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

/// With settings that are wrong, where the process that runs can be reached all the same.
config::Settings reachable(const CommandLine& command, const Result<config::Loaded>& loaded) {
  if (loaded) return loaded->settings;
  const auto reach = reach_by(command.config_path);
  config::Settings settings;
  settings.spool = reach.spool;
  settings.control.socket = reach.socket;
  return settings;
}

std::string text_of(const boost::json::value& answer, std::string_view key) {
  const auto* object = answer.if_object();
  const auto* value = object == nullptr ? nullptr : object->if_contains(key);
  const auto* found = value == nullptr ? nullptr : value->if_string();
  constexpr std::size_t kLongest = 500;
  return found == nullptr ? "" : text::shown(std::string_view(*found), kLongest);
}

}  // namespace

int print_web_link(const CommandLine& command, const Result<config::Loaded>& loaded) {
  const auto settings = reachable(command, loaded);
  const auto socket = socket_path(settings);
  const auto answered =
      control::ask(socket, {.method = "POST", .target = "/v1/web/links"}, owner_of(settings.spool, socket));
  if (!answered && answered.error().kind == ErrorKind::missing) {
    tell(stderr, command.language, words::nobody_serves());
    return kExitConfig;
  }
  if (!answered) {
    tell(stderr, command.language, answered.error().words);
    return exit_code_of(answered.error());
  }
  boost::system::error_code error;
  const auto answer = boost::json::parse(*answered, error);
  const auto link = error ? "" : text_of(answer, "link");
  if (link.empty()) {
    tell(stderr, command.language, words::page_is_off());
    return kExitConfig;
  }
  tell(stderr, command.language, words::open_link(text_of(answer, "user")));
  fmt::print("{}\n", link);
  return output_arrived() ? 0 : kExitOutput;
}

}  // namespace sluice::app
