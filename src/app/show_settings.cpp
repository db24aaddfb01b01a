// `config`: the settings in force, each with its source; `config --check` judges them as a start would.
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "commands.hpp"
#include "exit_code.hpp"
#include "logging.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/upstream/upstream.hpp"

namespace sluice::app {

namespace {

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
  if (const auto opened = open_what_is_named(settings); !opened) {
    fmt::print(stderr, "{}\n", opened.error().words);
    return exit_code_of_work(opened.error());
  }
  fmt::print("{}: good\n", command.config_path);
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
