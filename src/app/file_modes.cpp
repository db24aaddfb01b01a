#include "file_modes.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <string_view>

#include "machine.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kShownPath = 255;
constexpr std::string_view kUnitsSpool = "/var/spool/sluice";

/// A file that is not there is another's complaint.
Result<void> refuse_if_others_write(const std::string& path, std::string_view what) {
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0 || (about.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  const auto shown = text::shown(path, kShownPath);
  return fail(ErrorKind::config,
              fmt::format("{} ({}) may be written by {}, who could have the orders and the credential "
                          "sent elsewhere: chmod go-w '{}'",
                          shown, what, (about.st_mode & S_IWOTH) != 0 ? "everybody" : "all of its group", shown));
}

void warn_if_droppers_read(const std::string& credential, const std::string& spool) {
  struct stat file{};
  struct stat inbox{};
  if (::stat(credential.c_str(), &file) != 0 || ::stat((spool + "/inbox").c_str(), &inbox) != 0) return;
  if ((file.st_mode & S_IRGRP) == 0 || file.st_gid != inbox.st_gid || file.st_gid == 0) return;
  spdlog::warn(
      "upstream.authorization: whoever may drop files may also read {}: chmod g-r it, and give it to sluice's "
      "user",
      text::shown(credential, kShownPath));
}

bool below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/');
}

/// Nothing: the unit lets sluice have it.
std::string hidden(std::string_view key, const std::string& path, bool written) {
  const auto shown = text::shown(path, kShownPath);
  for (const auto* home : {"/home", "/root", "/run/user"}) {
    if (below(path, home))
      return fmt::format(
          "{} is {}: the unit's ProtectHome=yes hides it; move it, or set ProtectHome=no (systemctl edit "
          "sluice)",
          key, shown);
  }
  for (const auto* temporary : {"/tmp", "/var/tmp"}) {
    if (below(path, temporary))
      return fmt::format("{} is {}: the unit's PrivateTmp=yes shows it an empty folder of its own there; move it", key,
                         shown);
  }
  if (!written || below(path, kUnitsSpool)) return "";
  return fmt::format(
      "{} is {}: the unit lets sluice write below {} only; add ReadWritePaths={} (systemctl edit sluice)", key, shown,
      kUnitsSpool, shown);
}

std::string folder_of(const std::string& path) {
  return path.substr(0, path.find_last_of('/'));
}

}  // namespace

Result<void> check_modes(const std::string& config_path, const config::Settings& settings) {
  if (auto done = refuse_if_others_write(config_path, "the settings"); !done) return done;
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
  return lines;
}

}  // namespace sluice::app
