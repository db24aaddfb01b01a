#include <cstdio>
#include <cstdlib>

#include "command_line.hpp"
#include "commands.hpp"
#include "settings_file.hpp"

int main(int argc, char** argv) {
  using namespace sluice::app;
  const auto parsed = parse_command_line({argv + 1, argv + argc}, std::getenv("SLUICE_CONFIG"));
  if (const auto* farewell = std::get_if<Farewell>(&parsed)) {
    std::fputs(farewell->out.c_str(), stdout);
    std::fputs(farewell->err.c_str(), stderr);
    return farewell->exit;
  }
  const auto& command = std::get<CommandLine>(parsed);
  const auto loaded = load_settings(command.config_path);
  if (!loaded) {
    std::fprintf(stderr, "%s\n", loaded.error().words.c_str());
    return kExitConfig;
  }
  switch (command.verb) {
    case Verb::run:
      return run_daemon(command, loaded->settings);
    case Verb::drain:
      return drain(command, loaded->settings);
    case Verb::check:
      return check(command, loaded->settings);
    case Verb::config:
      return show_settings(command, *loaded);
    case Verb::recover:
      return recover(command, loaded->settings);
    default:
      return operate(command, loaded->settings);
  }
}
