// `config`: the settings in force, each with its source; `config --check` judges them as a start would.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "file_modes.hpp"
#include "logging.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/upstream/upstream.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kShownPath = 255;

/// Opens what the settings only name, the credential and the CA file, so that it is refused here in a start's words.
/// Nothing is connected to.
Result<void> open_what_is_named(const config::Settings& settings) {
  boost::asio::io_context io{1};
  auto clock = adapters::clock::system_clock(io.get_executor());
  if (!clock) return std::unexpected(clock.error());
  const auto upstream = adapters::upstream::BeastUpstream::open(io.get_executor(), settings.upstream, **clock);
  if (!upstream) return std::unexpected(upstream.error());
  return {};
}

int judge(const CommandLine& command, const config::Settings& settings) {
  set_up_logging(settings);  // opening warns of a credential that everybody can read
  auto sound = check_modes(command.config_path, settings);
  if (sound) sound = open_what_is_named(settings);
  if (!sound) {
    fmt::print(stderr, "{}\n", sound.error().words);
    return exit_code_of_work(sound.error());
  }
  const auto hidden = hidden_by_unit(settings);
  for (const auto& line : hidden) fmt::print("run by its unit as it is shipped: {}\n", line);
  if (!hidden.empty()) fmt::print("(whether a drop-in of the unit says otherwise can't be told from here)\n");
  fmt::print("{}: good\n", text::shown(command.config_path, kShownPath));
  return 0;
}

}  // namespace

int show_settings(const CommandLine& command, const config::Loaded& loaded) {
  if (command.only_check) return judge(command, loaded.settings);
  for (const auto& setting : loaded.shown)
    fmt::print("{:<26} {:<40} # {}\n", setting.key, setting.value, setting.source);
  return 0;
}

}  // namespace sluice::app
