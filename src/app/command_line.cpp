#include "command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string_view>

#include "sluice/base/rfc3339.hpp"
#include "sluice/config/units.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/help.hpp"

namespace sluice::app {
namespace {

namespace words = text::words;

constexpr const char* kDefaultConfig = "/etc/sluice/sluice.yaml";

enum class Takes : std::uint8_t { nothing, within, files, status, history, find, only_check, job, resolution, move };

struct Row {
  Verb verb;
  const char* name;
  Takes takes;
  text::Sentence<0> brief;        ///< in the list of commands
  const text::Sentence<0>* more;  ///< below the command's own options; lines of 80 columns
};
constexpr Row kVerbs[] = {
    {Verb::run, "run", Takes::nothing, words::help_run, &words::more_run},
    {Verb::drain, "drain", Takes::within, words::help_drain, &words::more_drain},
    {Verb::check, "check", Takes::files, words::help_check, &words::more_check},
    {Verb::status, "status", Takes::status, words::help_status, &words::more_status},
    {Verb::show, "show", Takes::job, words::help_show, &words::more_show},
    {Verb::history, "history", Takes::history, words::help_history, &words::more_history},
    {Verb::find, "find", Takes::find, words::help_find, &words::more_find},
    {Verb::hold, "hold", Takes::job, words::help_hold, &words::more_hold},
    {Verb::release, "release", Takes::job, words::help_release, &words::more_release},
    {Verb::cancel, "cancel", Takes::job, words::help_cancel, &words::more_cancel},
    {Verb::resolve, "resolve", Takes::resolution, words::help_resolve, &words::more_resolve},
    {Verb::pause, "pause", Takes::nothing, words::help_pause, &words::more_pause},
    {Verb::resume, "resume", Takes::nothing, words::help_resume, &words::more_resume},
    {Verb::web, "web", Takes::nothing, words::help_web, &words::more_web},
    {Verb::config, "config", Takes::only_check, words::help_config, nullptr},
    {Verb::recover, "recover", Takes::nothing, words::help_recover, &words::more_recover},
    {Verb::ledger, "ledger", Takes::move, words::help_ledger, &words::more_ledger},
};

/// What CLI11 writes into before it becomes a CommandLine.
struct Written {
  CommandLine line;
  std::string within;
  std::string job;
  bool applied = false;
  bool not_applied = false;
  std::string action;  ///< ledger: `move` alone
  std::string to;
};

std::string judge_within(const std::string& text) {
  const std::optional<Millis> time = config::duration(text);
  return time && *time > Millis{0} ? "" : words::expects_within();
}

std::string judge_since(const std::string& text) {
  return since(text, WallTime{}) ? "" : words::expects_since();
}

std::string judge_job(const std::string& text) {
  return parse_job_id(text) ? "" : words::expects_job();
}

void add_job(CLI::App& command, Written& written) {
  command.add_option("JOB", written.job, words::option_job())->required()->check(judge_job)->option_text(" ");
}

void add_id(CLI::App& command, CommandLine& line) {
  command.add_option("ID", line.id, words::option_id())->required()->option_text(" ");
  command.add_flag("--json", line.json, words::option_json());
}

void add_move(CLI::App& command, Written& written) {
  command.add_option("ACTION", written.action, words::option_move())
      ->required()
      ->check([](const std::string& action) { return action == "move" ? "" : words::expects_move(); })
      ->option_text(" ");
  command.add_option("--to", written.to, words::option_to())
      ->required()
      ->check([](const std::string& to) { return to == "postgresql" || to == "sqlite" ? "" : words::expects_to(); })
      ->option_text("KIND");
}

void add_history(CLI::App& command, CommandLine& line) {
  command.add_option("--since", line.since, words::option_since())->check(judge_since)->option_text("WHEN");
  command.add_option("--name", line.name, words::option_name())->option_text("PART");
  command.add_flag("--json", line.json, words::option_json());
}

void add_options(CLI::App& command, Takes takes, Written& written) {
  CommandLine& line = written.line;
  switch (takes) {
    case Takes::nothing:
      return;
    case Takes::within:
      command.add_flag("--quiet", line.quiet, words::option_quiet());
      command.add_option("--within", written.within, words::option_within())->check(judge_within)->option_text("TIME");
      return;
    case Takes::files:
      command.add_option("FILE", line.files, words::option_files())->required()->option_text("...");
      return;
    case Takes::status:
      command.add_flag("--watch", line.watch, words::option_watch());
      command.add_flag("--json", line.json, words::option_json());
      command.add_flag("--health", line.health, words::option_health());
      return;
    case Takes::history:
      return add_history(command, line);
    case Takes::find:
      return add_id(command, line);
    case Takes::only_check:
      command.add_flag("--check", line.only_check, words::option_check());
      return;
    case Takes::job:
      return add_job(command, written);
    case Takes::move:
      return add_move(command, written);
    case Takes::resolution:
      add_job(command, written);
      command.add_flag("--applied", written.applied, words::option_applied());
      command.add_flag("--not-applied", written.not_applied, words::option_not_applied());
      command.add_option("--file", line.looked_up, words::option_looked_up())->option_text("FILE");
      command.add_flag("--force", line.force, words::option_force());
      return;
  }
}

/// Throws CLI::ParseError, as CLI11's own checks do.
void chosen(const Row& row, Written& written) {
  written.line.verb = row.verb;
  if (row.takes != Takes::resolution) return;
  if (written.applied + written.not_applied + !written.line.looked_up.empty() != 1) {
    throw CLI::ValidationError("resolve", words::expects_answer());
  }
  if (written.applied) written.line.applied = ports::LookedUp::applied;
  if (written.not_applied) written.line.applied = ports::LookedUp::not_applied;
}

void describe(CLI::App& app, Written& written) {
  app.set_version_flag("--version", "sluice " SLUICE_VERSION, words::option_version());
  app.set_help_flag("-h,--help", words::option_help());
  app.footer(words::exit_codes());
  app.get_formatter()->column_width(20);
  app.require_subcommand(1);
  app.add_option("--config", written.line.config_path, words::option_config(kDefaultConfig))->option_text("FILE");
  for (const Row& row : kVerbs) {
    CLI::App& command = *app.add_subcommand(row.name, row.brief());
    command.fallthrough();
    const std::string more = row.more == nullptr ? "" : (*row.more)() + "\n\n";
    command.footer(more + words::config_goes());
    command.callback([&written, &row] { chosen(row, written); });
    add_options(command, row.takes, written);
  }
}

/// What stands where the command should, in words; empty: a command does.
std::string instead_of_command(const std::vector<std::string>& args) {
  for (std::size_t i = 0; i < args.size(); ++i) {
    const std::string& arg = args[i];
    if (arg == "--config") ++i;
    if (arg.starts_with("--config")) continue;
    if (arg.starts_with('-')) return words::no_option_there(arg);
    const bool known = std::ranges::any_of(kVerbs, [&](const Row& row) { return arg == row.name; });
    return known ? "" : words::no_command(arg);
  }
  return words::expects_command();
}

/// CLI11 names the parts of a page of help itself.
std::string with_headings(text::Lang language, std::string page) {
  for (const auto& heading : {words::heading_usage, words::heading_options, words::heading_commands,
                              words::heading_positionals, words::usage_options, words::usage_subcommand}) {
    const std::string_view english = heading.english();
    if (const auto at = page.find(english); at != std::string::npos)
      page.replace(at, english.size(), text::in(language, heading()));
  }
  return page;
}

/// What CLI11 says of the usual mistakes, by their beginning or end, and what is said instead; what stands before or
/// behind it is the argument that is meant.
struct Mistake {
  std::string_view begin;
  std::string_view end;  ///< and what follows it
  text::Sentence<1> words;
};
constexpr Mistake kMistakes[] = {
    {"", " is required", words::argument_missing},
    {"The following argument was not expected: ", "", words::argument_unexpected},
    {"The following arguments were not expected: ", "", words::arguments_unexpected},
    {"", ": 1 required ", words::value_is_missing},
    {"", ": At Most 1 required but received ", words::given_twice},
};

/// What is rarer keeps CLI11's English, as its own words.
std::string mistake_in(const CLI::ParseError& error) {
  const std::string_view said = error.what();
  for (const auto& mistake : kMistakes) {
    if (!mistake.begin.empty() && said.starts_with(mistake.begin))
      return mistake.words(said.substr(mistake.begin.size()));
    if (const auto end = said.find(mistake.end); !mistake.end.empty() && end != said.npos)
      return mistake.words(said.substr(0, end));
  }
  // Our own checks speak both languages already.
  return text::in(text::Lang::en, said) == said ? words::mistake_is(said) : std::string(said);
}

Farewell part(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& args,
              text::Lang language) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out, err;
    app.exit(error, out, err);
    return {.exit = 0, .out = with_headings(language, text::in(language, out.str())), .err = err.str()};
  }
  const std::vector<const CLI::App*> chosen = app.get_subcommands({});
  const auto parsed = std::ranges::find_if(chosen, [](const CLI::App* command) { return command->parsed(); });
  const std::string command = parsed == chosen.end() ? "" : (*parsed)->get_name() + " ";
  const std::string instead = instead_of_command(args);
  const auto said = text::in(language, instead.empty() ? mistake_in(error) : instead);
  return {.exit = kExitUsage,
          .out = "",
          .err = text::in(language, words::try_help(text::shown(said, 500), command)) + "\n"};
}

}  // namespace

std::optional<WallTime> since(std::string_view text, WallTime now) {
  if (const auto back = config::duration(text)) return now - *back;
  const auto midnight = parse_rfc3339(std::string(text) + "T00:00:00.000Z");
  return text.size() == 10 && midnight ? std::optional(*midnight - kApiOffset) : std::nullopt;
}

std::variant<CommandLine, Farewell> parse_command_line(std::vector<std::string> args, const char* environment_config,
                                                       text::Lang language) {
  Written written;
  CLI::App app(words::about(), "sluice");
  try {
    describe(app, written);
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return part(app, error, args, language);
  }
  CommandLine& line = written.line;
  line.language = language;
  if (line.config_path.empty() && environment_config != nullptr) line.config_path = environment_config;
  if (line.config_path.empty()) line.config_path = kDefaultConfig;
  if (!written.within.empty()) line.within = config::duration(written.within);
  if (written.to == "sqlite") line.move_to = MoveTo::sqlite;
  if (!written.job.empty()) line.job = parse_job_id(written.job).value();
  return std::move(line);
}

}  // namespace sluice::app
