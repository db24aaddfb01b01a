// Where the settings are read from and who may change them; `config` shows them, `config --check` judges them as a
// start would.
#include "settings_file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <boost/asio/io_context.hpp>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>
#include <system_error>

#include "command_line.hpp"
#include "database_password.hpp"
#include "language.hpp"
#include "logging.hpp"
#include "machine.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/gate/file.hpp"
#include "sluice/adapters/postgresql/account.hpp"
#include "sluice/adapters/upstream/upstream.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kShownPath = 255;
constexpr std::string_view kUnitsSpool = "/var/spool/sluice";

constexpr std::size_t kLongestPath = 4096;

Result<std::string> read(const std::string& path) {
  const auto shown = text::shown(path, kLongestPath);
  std::ifstream file(path, std::ios::binary);
  if (std::error_code error; std::filesystem::is_directory(path, error)) {
    return fail(ErrorKind::config, text::words::settings_are_folder(shown));
  }
  if (!file) {
    return fail(ErrorKind::config, text::words::settings_unreadable(shown, text::system_words(errno)));
  }
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

/// A file that is not there is another's complaint.
Result<void> refuse_if_others_write(const std::string& path, std::string_view what) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0 || (about.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  const auto shown = text::shown(path, kShownPath);
  const auto whom = (about.st_mode & S_IWOTH) != 0 ? text::words::by_everybody() : text::words::by_its_group();
  return fail(ErrorKind::config, text::words::others_may_write(shown, what, whom));
}

void warn_if_droppers_read(const std::string& credential, const std::string& spool) {
  struct stat file{};
  struct stat inbox{};
  if (::stat(credential.c_str(), &file) != 0 || ::stat((spool + "/inbox").c_str(), &inbox) != 0) return;
  if ((file.st_mode & S_IRGRP) == 0 || file.st_gid != inbox.st_gid || file.st_gid == 0) return;
  spdlog::warn("{}", text::words::droppers_may_read(text::shown(credential, kShownPath)));
}

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// Nothing: the unit lets sluice have it.
std::string hidden(std::string_view key, const std::string& path, bool written) {
  const auto shown = text::shown(path, kShownPath);
  for (const auto* home : {"/home", "/root", "/run/user"}) {
    if (below(path, home)) return text::words::hidden_home(key, shown);
  }
  for (const auto* temporary : {"/tmp", "/var/tmp"}) {
    if (below(path, temporary)) return text::words::hidden_tmp(key, shown);
  }
  if (!written || below(path, kUnitsSpool)) return "";
  return text::words::unit_not_writable(key, shown, kUnitsSpool);
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

/// Opens what the settings only name, the credential and the CA file, so that it is refused here in a start's words.
/// Nothing is connected to.
Result<void> open_what_is_named(const config::Settings& settings) {
  boost::asio::io_context io{1};
  if (!settings.rate.gate.empty()) {
    if (const auto gate = adapters::gate::judge_file(settings.rate.gate); !gate) return std::unexpected(gate.error());
  }
  if (const auto& database = settings.ledger.postgresql; !database.empty()) {
    if (const auto fit = adapters::postgresql::judge(database); !fit) return std::unexpected(fit.error());
  }
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
    tell(stderr, command.language, sound.error().words);
    return exit_code_of_work(sound.error());
  }
  const auto hidden = hidden_by_unit(settings);
  for (const auto& line : hidden) tell(stdout, command.language, text::words::as_shipped(line));
  if (!hidden.empty()) tell(stdout, command.language, text::words::drop_in_unknown());
  tell(stdout, command.language, text::words::settings_good(text::shown(command.config_path, kShownPath)));
  return 0;
}

}  // namespace

Result<config::Loaded> load_settings(const std::string& path) {
  const auto yaml = read(path);
  if (!yaml) return std::unexpected(yaml.error());
  return config::load(*yaml, text::shown(path, kLongestPath));
}

config::Reach reach_by(const std::string& path) {
  return config::reach_in_spite_of_mistakes(read(path).value_or(""));
}

Result<void> check_modes(const std::string& config_path, const config::Settings& settings) {
  if (auto done = refuse_if_others_write(config_path, text::words::the_settings()); !done) return done;
  if (const auto held = database_password(settings.ledger.password_file); !held) return std::unexpected(held.error());
  const auto& credential = settings.upstream.authorization;
  if (credential.from != config::CredentialSource::From::file) return {};
  if (auto done = refuse_if_others_write(credential.name, "upstream.authorization"); !done) return done;
  warn_if_droppers_read(credential.name, settings.spool);
  return {};
}

std::vector<std::string> hidden_by_unit(const config::Settings& settings) {
  std::vector<std::string> lines;
  const auto add = [&](std::string_view key, const std::string& path, bool written) {
    auto line = path.empty() ? "" : hidden(key, path, written);
    if (!line.empty()) lines.push_back(std::move(line));
  };
  add("spool", settings.spool, true);
  add("rate.gate", folder_of(settings.rate.gate), true);
  add("control.socket", folder_of(settings.control.socket), true);
  add("upstream.ca_file", settings.upstream.ca_file, false);
  const auto& credential = settings.upstream.authorization;
  if (credential.from == config::CredentialSource::From::file) add("upstream.authorization", credential.name, false);
  add("ledger.password", settings.ledger.password_file, false);
  return lines;
}

int show_settings(const CommandLine& command, const config::Loaded& loaded) {
  if (command.only_check) return judge(command, loaded.settings);
  for (const auto& setting : loaded.shown)
    fmt::print("{:<26} {:<40} # {}\n", setting.key, setting.value, setting.source);
  return 0;
}

}  // namespace sluice::app
