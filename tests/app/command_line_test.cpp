#include "app/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sluice::app {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

CommandLine taken(std::vector<std::string> args, const char* environment = nullptr) {
  const auto parsed = parse_command_line(std::move(args), environment);
  if (const auto* farewell = std::get_if<Farewell>(&parsed)) ADD_FAILURE() << farewell->err << farewell->out;
  const auto* line = std::get_if<CommandLine>(&parsed);
  return line != nullptr ? *line : CommandLine{};
}

Farewell farewell(std::vector<std::string> args) {
  const auto parsed = parse_command_line(std::move(args), nullptr);
  const auto* words = std::get_if<Farewell>(&parsed);
  if (words == nullptr) ADD_FAILURE() << "was taken";
  return words != nullptr ? *words : Farewell{};
}

TEST(CommandLine, KnowsEveryCommand) {
  EXPECT_EQ(taken({"run"}).verb, Verb::run);
  EXPECT_EQ(taken({"drain"}).verb, Verb::drain);
  EXPECT_EQ(taken({"check", "a"}).verb, Verb::check);
  EXPECT_EQ(taken({"status"}).verb, Verb::status);
  EXPECT_EQ(taken({"show", "20250131-7"}).verb, Verb::show);
  EXPECT_EQ(taken({"hold", "20250131-7"}).verb, Verb::hold);
  EXPECT_EQ(taken({"release", "20250131-7"}).verb, Verb::release);
  EXPECT_EQ(taken({"cancel", "20250131-7"}).verb, Verb::cancel);
  EXPECT_EQ(taken({"resolve", "20250131-7", "--applied"}).verb, Verb::resolve);
  EXPECT_EQ(taken({"pause"}).verb, Verb::pause);
  EXPECT_EQ(taken({"resume"}).verb, Verb::resume);
  EXPECT_EQ(taken({"config"}).verb, Verb::config);
  EXPECT_EQ(taken({"recover"}).verb, Verb::recover);
}

TEST(CommandLine, FindsTheSettings) {
  EXPECT_EQ(taken({"run"}).config_path, "/etc/sluice/sluice.yaml");
  EXPECT_EQ(taken({"run"}, "").config_path, "/etc/sluice/sluice.yaml");
  EXPECT_EQ(taken({"run"}, "/env.yaml").config_path, "/env.yaml");
  EXPECT_EQ(taken({"run", "--config", "/arg.yaml"}, "/env.yaml").config_path, "/arg.yaml");
  EXPECT_EQ(taken({"--config", "/arg.yaml", "run"}).config_path, "/arg.yaml");
  EXPECT_EQ(taken({"check", "a.csv", "--config=/arg.yaml"}).config_path, "/arg.yaml");
}

TEST(CommandLine, ReadsTheOptionsOfEachCommand) {
  EXPECT_EQ(taken({"drain"}).within, std::nullopt);
  EXPECT_EQ(taken({"drain", "--within", "2h"}).within, Nanos(2h));
  EXPECT_EQ(taken({"drain", "--within=90s"}).within, Nanos(90s));
  EXPECT_EQ(taken({"check", "a b.csv", "c"}).files, (std::vector<std::string>{"a b.csv", "c"}));
  EXPECT_EQ(taken({"check", "--", "--odd"}).files, (std::vector<std::string>{"--odd"}));
  EXPECT_TRUE(taken({"status", "--watch"}).watch);
  EXPECT_FALSE(taken({"status", "--watch"}).json);
  EXPECT_TRUE(taken({"status", "--json"}).json);
  EXPECT_TRUE(taken({"config", "--check"}).only_check);
  EXPECT_FALSE(taken({"config"}).only_check);
  EXPECT_EQ(taken({"hold", "20250131-7"}).job.n, 7U);
  EXPECT_EQ(taken({"hold", "20250131-7"}).job.day, 20'250'131U);
  EXPECT_EQ(taken({"resolve", "20250131-7", "--applied"}).applied, ports::LookedUp::applied);
  EXPECT_EQ(taken({"resolve", "--not-applied", "20250131-7", "--force"}).applied, ports::LookedUp::not_applied);
  EXPECT_TRUE(taken({"resolve", "--not-applied", "20250131-7", "--force"}).force);
  EXPECT_EQ(taken({"resolve", "20250131-7", "--file", "a.csv"}).looked_up, "a.csv");
  EXPECT_EQ(farewell({"resolve", "20250131-7", "--file", "a.csv", "--applied"}).exit, kExitUsage);
}

TEST(CommandLine, PrintsTheVersion) {
  const Farewell words = farewell({"--version"});
  EXPECT_EQ(words.exit, 0);
  EXPECT_THAT(words.out, ::testing::MatchesRegex("sluice [0-9]+\\.[0-9]+\\.[0-9]+\n"));
  EXPECT_EQ(words.err, "");
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    most = std::max(most, end - at);
    at = end + 1;
  }
  return most;
}

TEST(CommandLine, HelpsEverywhere) {
  const Farewell all = farewell({"--help"});
  EXPECT_EQ(all.exit, 0);
  EXPECT_EQ(all.err, "");
  for (const char* verb : {"run", "drain", "check", "status", "show", "hold", "release", "cancel", "resolve", "pause",
                           "resume", "config", "recover"}) {
    EXPECT_THAT(all.out, HasSubstr(std::string("\n  ") + verb + " "));
    const Farewell one = farewell({verb, "--help"});
    EXPECT_EQ(one.exit, 0) << verb;
    EXPECT_THAT(one.out, HasSubstr(std::string("sluice ") + verb));
    EXPECT_EQ(one.err, "") << verb;
    EXPECT_LE(widest(one.out), 90U) << verb;
  }
  EXPECT_LE(widest(all.out), 90U);
  EXPECT_THAT(all.out, HasSubstr("75  another process works this spool"));
  EXPECT_THAT(farewell({"drain", "-h"}).out, HasSubstr("--within TIME"));
  EXPECT_THAT(farewell({"resolve", "--help"}).out, HasSubstr("--not-applied"));
}

struct Mistake {
  std::vector<std::string> args;
  std::string words;
};
class EveryMistake : public ::testing::TestWithParam<Mistake> {};
TEST_P(EveryMistake, IsAUsageErrorWithWords) {
  const Farewell words = farewell(GetParam().args);
  EXPECT_EQ(words.exit, 64);
  EXPECT_EQ(words.out, "");
  EXPECT_EQ(words.err, GetParam().words);
}

INSTANTIATE_TEST_SUITE_P(
    Mistakes, EveryMistake,
    ::testing::Values(
        Mistake{{}, "sluice: expected a command\nTry `sluice --help`.\n"},
        Mistake{{"statu"}, "sluice: there is no command statu\nTry `sluice --help`.\n"},
        Mistake{{"--config", "x", "\x1b[31m"}, "sluice: there is no command \\x1B[31m\nTry `sluice --help`.\n"},
        Mistake{{"--config", "x"}, "sluice: expected a command\nTry `sluice --help`.\n"},
        Mistake{{"--frobnicate"}, "sluice: there is no option --frobnicate before a command\nTry `sluice --help`.\n"},
        Mistake{{"run", "--wa\ntch"},
                "sluice: this argument was not expected: --wa\\x0Atch\nTry `sluice run --help`.\n"},
        Mistake{{"run", "drain"}, "sluice: this argument was not expected: drain\nTry `sluice run --help`.\n"},
        Mistake{{"run", "--config"}, "sluice: --config needs a value behind it\nTry `sluice run --help`.\n"},
        Mistake{{"check"}, "sluice: FILE is required\nTry `sluice check --help`.\n"},
        Mistake{{"hold"}, "sluice: JOB is required\nTry `sluice hold --help`.\n"},
        Mistake{{"hold", "7"},
                "sluice: JOB: expected a job's id, such as 20250131-7 (`sluice status` lists them)\n"
                "Try `sluice hold --help`.\n"},
        Mistake{{"hold", "20250131-7", "20250131-8"},
                "sluice: this argument was not expected: 20250131-8\nTry `sluice hold --help`.\n"},
        Mistake{{"drain", "--within", "2"},
                "sluice: --within: expected a whole number with a unit, such as 90s, 30m or "
                "2h\nTry `sluice drain --help`.\n"},
        Mistake{{"drain", "--within", "0s"},
                "sluice: --within: expected a whole number with a unit, such as 90s, 30m or "
                "2h\nTry `sluice drain --help`.\n"},
        Mistake{{"drain", "--within", ""},
                "sluice: --within: expected a whole number with a unit, such as 90s, 30m or "
                "2h\nTry `sluice drain --help`.\n"},
        Mistake{{"resolve", "20250131-7"},
                "sluice: resolve: expected --applied, --not-applied or --file FILE, one of them\nTry `sluice resolve "
                "--help`.\n"},
        Mistake{{"resolve", "20250131-7", "--applied", "--not-applied"},
                "sluice: resolve: expected --applied, --not-applied or --file FILE, one of them\n"
                "Try `sluice resolve --help`.\n"}));

TEST(Since, IsTheBeginningOfADayInUtcPlus8OrATimeBack) {
  using namespace std::chrono_literals;
  const WallTime noon{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + 12h};
  EXPECT_EQ(since("2024-01-15", noon), noon - 20h);
  EXPECT_EQ(since("7d", noon), noon - 7 * 24h);
  EXPECT_EQ(since("2024-1-15", noon), std::nullopt);
  EXPECT_EQ(since("lunch", noon), std::nullopt);
}

}  // namespace
}  // namespace sluice::app
