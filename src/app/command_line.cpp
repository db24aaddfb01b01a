#include "command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>
#include <string_view>

#include "sluice/base/rfc3339.hpp"
#include "sluice/config/units.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {
namespace {

constexpr const char* kDefaultConfig = "/etc/sluice/sluice.yaml";

constexpr const char* kAbout = "Places the orders of dropped files through the API: each once, never above its pace.";

constexpr const char* kExits = R"(Exit codes:
  0   every order accepted, or nothing to do
  1   done, some orders were not accepted
  2   a file was rejected whole
  3   unfinished
  64  a mistake on the command line, or a command that can't be done (the words say why)
  74  the output could not be written
  75  another process works this spool
  78  bad configuration, unusable spool or ledger

`sluice COMMAND --help` says more about one command.)";

enum class Takes : std::uint8_t { nothing, within, files, status, history, find, only_check, job, resolution };

struct Row {
  Verb verb;
  const char* name;
  Takes takes;
  const char* brief;  ///< in the list of commands
  const char* more;   ///< below the command's own options; lines of 80 columns
};
constexpr Row kVerbs[] = {
    {Verb::run, "run", Takes::nothing, "Work as a daemon, until told to stop",
     "SIGTERM: what is in flight finishes, the rest is noted, exit 0.\n"
     "SIGHUP: settings and credential are read again."},
    {Verb::drain, "drain", Takes::within, "Work off what is in the inbox now, then exit; for cron",
     "Takes what is in the inbox at the start (not what is still being written) and what\n"
     "was left unfinished. Leaves it for the next time and exits 3 when the time is up, when\n"
     "authorization, certificate or address are refused, or after 30 minutes without a usable\n"
     "answer."},
    {Verb::check, "check", Takes::files, "Judge order files and send nothing",
     "Says what was understood, every bad row with its line and reason, how many requests and\n"
     "how long at this rate, and the activation day. Exits as drain would: 0, 1 or 2."},
    {Verb::status, "status", Takes::status, "Jobs, their progress, the pace, and what is wrong",
     "Says of everything paused or held why, and what to do about it; of each file in the\n"
     "inbox that is not taken, why; and names the jobs that ended last and those with orders\n"
     "in doubt."},
    {Verb::show, "show", Takes::job, "Everything known about one job",
     "At work or ended: its counts, times and exit code, why it is held or was rejected, and\n"
     "what became of its orders in doubt. Its files are outbox/NAME.JOB.*."},
    {Verb::history, "history", Takes::history, "The jobs that there were, newest first",
     "A line a job: its file, what became of its orders, when. `sluice show JOB` says more."},
    {Verb::find, "find", Takes::find, "What became of one order",
     "Every job and row that it was in, the last ones first: what the API said, its order id,\n"
     "when and by which request. Orders are remembered for keep.orders."},
    {Verb::hold, "hold", Takes::job, "Send nothing more of a job until its release",
     "Outlives a restart. What is in flight finishes."},
    {Verb::release, "release", Takes::job, "Let a held job go on",
     "Lifts every cap (guard.*) for this job, too. One that is held because upstream.base_url\n"
     "has changed goes on with the new address."},
    {Verb::cancel, "cancel", Takes::job, "End a job before all of it is sent",
     "What is in flight finishes. Rows never sent end not_sent, rows that may have been\n"
     "applied end in_doubt; results are written as always."},
    {Verb::resolve, "resolve", Takes::resolution, "Say what became of a job's orders in doubt",
     "For a person who has looked. The same orders in later files are then duplicates where\n"
     "they were applied, and sent where they were not. Who said so is kept and shown."},
    {Verb::pause, "pause", Takes::nothing, "Send nothing more of any job",
     "Until `sluice resume`; outlives a restart."},
    {Verb::resume, "resume", Takes::nothing, "End a pause of the whole line",
     "Whoever or whatever paused it: after an outage, a refused credential or a wrong address\n"
     "it is tried again at once. A held job goes on with `sluice release JOB`."},
    {Verb::config, "config", Takes::only_check, "The settings in force, each with its source", ""},
    {Verb::recover, "recover", Takes::nothing, "Publish what a lost or damaged ledger leaves",
     "From the claimed files and the ledger's remains; rows without a known answer end\n"
     "in_doubt."},
};

/// What CLI11 writes into before it becomes a CommandLine.
struct Written {
  CommandLine line;
  std::string within;
  std::string job;
  bool applied = false;
  bool not_applied = false;
};

std::string judge_within(const std::string& text) {
  const std::optional<Millis> time = config::duration(text);
  return time && *time > Millis{0} ? "" : "expected a whole number with a unit, such as 90s, 30m or 2h";
}

std::string judge_since(const std::string& text) {
  return since(text, WallTime{}) ? "" : "expected a day such as 2025-01-31, or a time back such as 12h or 7d";
}

std::string judge_job(const std::string& text) {
  return parse_job_id(text) ? "" : "expected a job's id, such as 20250131-7 (`sluice status` lists them)";
}

void add_job(CLI::App& command, Written& written) {
  command.add_option("JOB", written.job, "Its id, such as 20250131-7: see status, or its files' names")
      ->required()
      ->check(judge_job)
      ->option_text(" ");
}

void add_id(CLI::App& command, CommandLine& line) {
  command.add_option("ID", line.id, "Its uid, its orderId (also the one that the API gave it) or its douyinId")
      ->required()
      ->option_text(" ");
  command.add_flag("--json", line.json, "As JSON, for scripts");
}

void add_history(CLI::App& command, CommandLine& line) {
  command.add_option("--since", line.since, "Only those claimed since: 2025-01-31 (UTC+8), or 12h, 7d")
      ->check(judge_since)
      ->option_text("WHEN");
  command.add_option("--name", line.name, "Only those whose file's name holds this")->option_text("PART");
  command.add_flag("--json", line.json, "As JSON, for scripts");
}

void add_options(CLI::App& command, Takes takes, Written& written) {
  CommandLine& line = written.line;
  switch (takes) {
    case Takes::nothing:
      return;
    case Takes::within:
      command.add_option("--within", written.within, "Send nothing new after so long: 90s, 30m, 2h")
          ->check(judge_within)
          ->option_text("TIME");
      return;
    case Takes::files:
      command.add_option("FILE", line.files, "Order files, as they would be dropped")->required()->option_text("...");
      return;
    case Takes::status:
      command.add_flag("--watch", line.watch, "Keep showing it until interrupted");
      command.add_flag("--json", line.json, "As JSON, for scripts");
      command.add_flag("--health", line.health, "One line, and exit 0: it works, 1: paused or held, 2: not running");
      return;
    case Takes::history:
      return add_history(command, line);
    case Takes::find:
      return add_id(command, line);
    case Takes::only_check:
      command.add_flag("--check", line.only_check, "Only judge them: exit 78 and words if a start would refuse");
      return;
    case Takes::job:
      return add_job(command, written);
    case Takes::resolution:
      add_job(command, written);
      command.add_flag("--applied", written.applied, "All its orders in doubt were applied");
      command.add_flag("--not-applied", written.not_applied, "None was; they may come again");
      command.add_option("--file", line.looked_up, "Its in-doubt file with a column `applied`: yes or no a row")
          ->option_text("FILE");
      command.add_flag("--force", line.force, "Also where the contrary was said before");
      return;
  }
}

/// Throws CLI::ParseError, as CLI11's own checks do.
void chosen(const Row& row, Written& written) {
  written.line.verb = row.verb;
  if (row.takes != Takes::resolution) return;
  if (written.applied + written.not_applied + !written.line.looked_up.empty() != 1) {
    throw CLI::ValidationError("resolve", "expected --applied, --not-applied or --file FILE, one of them");
  }
  if (written.applied) written.line.applied = ports::LookedUp::applied;
  if (written.not_applied) written.line.applied = ports::LookedUp::not_applied;
}

void describe(CLI::App& app, Written& written) {
  app.set_version_flag("--version", "sluice " SLUICE_VERSION, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.footer(kExits);
  app.get_formatter()->column_width(20);
  app.require_subcommand(1);
  app.add_option("--config", written.line.config_path,
                 fmt::format("Settings (else $SLUICE_CONFIG, else {})", kDefaultConfig))
      ->option_text("FILE");
  for (const Row& row : kVerbs) {
    CLI::App& command = *app.add_subcommand(row.name, row.brief);
    command.fallthrough();
    const std::string more = *row.more == '\0' ? "" : fmt::format("{}\n\n", row.more);
    command.footer(more + "--config FILE goes with every command; `sluice --help` lists the exit codes.");
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
    if (arg.starts_with('-')) return fmt::format("there is no option {} before a command", arg);
    const bool known = std::ranges::any_of(kVerbs, [&](const Row& row) { return arg == row.name; });
    return known ? "" : fmt::format("there is no command {}", arg);
  }
  return "expected a command";
}

Farewell part(const CLI::App& app, const CLI::ParseError& error, const std::vector<std::string>& args) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    std::ostringstream out, err;
    app.exit(error, out, err);
    return {.exit = 0, .out = out.str(), .err = err.str()};
  }
  const std::vector<const CLI::App*> chosen = app.get_subcommands({});
  const auto parsed = std::ranges::find_if(chosen, [](const CLI::App* command) { return command->parsed(); });
  const std::string command = parsed == chosen.end() ? "" : (*parsed)->get_name() + " ";
  const std::string instead = instead_of_command(args);
  const std::string words = text::shown(instead.empty() ? error.what() : instead, 500);
  return {.exit = kExitUsage, .out = "", .err = fmt::format("sluice: {}\nTry `sluice {}--help`.\n", words, command)};
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
  CLI::App app(kAbout, "sluice");
  try {
    describe(app, written);
    app.parse(std::vector<std::string>(args.rbegin(), args.rend()));  // CLI11 takes them last first
  } catch (const CLI::ParseError& error) {
    return part(app, error, args);
  }
  CommandLine& line = written.line;
  line.language = language;
  if (line.config_path.empty() && environment_config != nullptr) line.config_path = environment_config;
  if (line.config_path.empty()) line.config_path = kDefaultConfig;
  if (!written.within.empty()) line.within = config::duration(written.within);
  if (!written.job.empty()) line.job = parse_job_id(written.job).value();
  return std::move(line);
}

}  // namespace sluice::app
