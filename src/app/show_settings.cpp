// `config`: the settings in force, each with its source.
#include <fmt/format.h>

#include <cstdio>

#include "sluice/app/commands.hpp"

namespace sluice::app {

int show_settings(const CommandLine& command, const config::Loaded& loaded) {
  if (command.only_check) {
    fmt::print("{}: good\n", command.config_path);
    return 0;
  }
  for (const auto& setting : loaded.shown)
    fmt::print("{:<26} {:<40} # {}\n", setting.key, setting.value, setting.source);
  return 0;
}

}  // namespace sluice::app
