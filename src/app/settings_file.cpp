#include "settings_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace sluice::app {

Result<config::Loaded> load_settings(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (std::error_code error; std::filesystem::is_directory(path, error)) {
    return fail(ErrorKind::config, fmt::format("{} is a folder; name the settings file in it", path));
  }
  if (!file) {
    return fail(ErrorKind::config,
                fmt::format("{}: cannot be read ({}). Name the settings with --config FILE or $SLUICE_CONFIG", path,
                            std::generic_category().message(errno)));
  }
  const std::string yaml{std::istreambuf_iterator<char>(file), {}};
  return config::load(yaml, path);
}

}  // namespace sluice::app
