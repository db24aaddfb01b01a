#include "program.hpp"

#include <sys/prctl.h>

#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include "command_line.hpp"
#include "language.hpp"
#include "settings_file.hpp"
#include "sluice/text/words/program.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

text::Lang environments_language() {
  return language_of(config::Language::from_environment);
}

int complain(text::Lang language, std::string_view words, int exit) {
  tell(stderr, language, words);
  return exit;
}

int run_command(CommandLine command) {
  const auto loaded = load_settings(command.config_path);
  if (loaded) command.language = language_of(loaded->settings.language);
  if (command.verb == Verb::web) return print_web_link(command, loaded);
  if (asks_a_process(command.verb)) return operate(command, loaded);
  if (!loaded) return complain(command.language, loaded.error().words, kExitConfig);
  switch (command.verb) {
    case Verb::run:
      return run_daemon(command, loaded->settings);
    case Verb::drain:
      return drain(command, loaded->settings);
    case Verb::check:
      return check(command, loaded->settings);
    case Verb::recover:
      return recover(command, loaded->settings);
    case Verb::ledger:
      return move_ledger(command, loaded->settings);
    default:
      return show_settings(command, *loaded);
  }
}

int run(std::vector<std::string> args, const char* environment_config) {
  const auto parsed = parse_command_line(std::move(args), environment_config, environments_language());
  if (const auto* farewell = std::get_if<Farewell>(&parsed)) {
    std::fputs(farewell->out.c_str(), stdout);
    std::fputs(farewell->err.c_str(), stderr);
    return farewell->exit;
  }
  return run_command(std::get<CommandLine>(parsed));
}

/// The credential is in memory: no other process of this user looks into it, and no core file holds it (prctl(2)).
void keep_memory_private() {
#if !__has_feature(address_sanitizer)  // which looks for leaks as a debugger would
  ::prctl(PR_SET_DUMPABLE, 0);
#endif
}

}  // namespace

int run_program(std::vector<std::string> args, const char* environment_config) {
  keep_memory_private();
  try {
    const int exit = run(std::move(args), environment_config);
    if (output_arrived()) return exit;
  } catch (const std::bad_alloc&) {
    return complain(environments_language(), words::out_of_memory(), kExitConfig);
  } catch (const std::exception& thrown) {
    if (output_arrived())
      return complain(environments_language(), std::string("sluice: ") + thrown.what(), kExitConfig);
  }
  return complain(environments_language(), words::output_lost(), kExitOutput);
}

}  // namespace sluice::app
