#pragma once

#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/config/load.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Reads and judges the settings file. Kind config: it can't be read, or what it says can't be.
Result<config::Loaded> load_settings(const std::string& path);

/// Where the process that runs can be reached, though load_settings() failed.
config::Reach reach_by(const std::string& path);

/// Whoever may write the settings or the credential decides where orders and credential go: refuses (kind config, with
/// the chmod to copy) what a group or everybody may write. Warns in the log where those who drop files may read the
/// credential.
Result<void> check_modes(const std::string& config_path, const config::Settings& settings);

/// What the unit as it is shipped (systemd/sluice.service) keeps from sluice of the paths that the settings name, with
/// what to write into a drop-in; a line each. Whether a drop-in says so already can't be seen from here.
std::vector<std::string> hidden_by_unit(const config::Settings& settings);

}  // namespace sluice::app
