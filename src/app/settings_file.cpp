#include "settings_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kLongestPath = 4096;

Result<std::string> read(const std::string& path) {
  const auto shown = text::shown(path, kLongestPath);
  std::ifstream file(path, std::ios::binary);
  if (std::error_code error; std::filesystem::is_directory(path, error)) {
    return fail(ErrorKind::config, fmt::format("{} is a folder; name the settings file in it", shown));
  }
  if (!file) {
    return fail(ErrorKind::config,
                fmt::format("{}: cannot be read ({}). Name the settings with --config FILE or $SLUICE_CONFIG", shown,
                            std::generic_category().message(errno)));
  }
  return std::string{std::istreambuf_iterator<char>(file), {}};
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

}  // namespace sluice::app
