#include "program.hpp"

#include <sys/prctl.h>

#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include "command_line.hpp"
#include "settings_file.hpp"

namespace sluice::app {

namespace {

int complain(const std::string& words, int exit) {
  std::fprintf(stderr, "%s\n", words.c_str());
  return exit;
}

int run_command(const CommandLine& command) {
  const auto loaded = load_settings(command.config_path);
  if (asks_a_process(command.verb)) return operate(command, loaded);
  if (!loaded) return complain(loaded.error().words, kExitConfig);
  switch (command.verb) {
    case Verb::run:
      return run_daemon(command, loaded->settings);
    case Verb::drain:
      return drain(command, loaded->settings);
    case Verb::check:
      return check(command, loaded->settings);
    case Verb::recover:
      return recover(command, loaded->settings);
    default:
      return show_settings(command, *loaded);
  }
}

int run(std::vector<std::string> args, const char* environment_config) {
  const auto parsed = parse_command_line(std::move(args), environment_config);
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
    return complain(
        "sluice: out of memory; nothing was begun that the next start does not take up. Raise MemoryMax= "
        "(or ulimit -v), or free some",
        kExitConfig);
  } catch (const std::exception& thrown) {
    if (output_arrived()) return complain(std::string("sluice: ") + thrown.what(), kExitConfig);
  }
  return complain("sluice: the output could not be written: see where it goes, and whether there is room", kExitOutput);
}

}  // namespace sluice::app
