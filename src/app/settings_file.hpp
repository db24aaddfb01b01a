#pragma once

#include <string>

#include "sluice/config/reach.hpp"
#include "sluice/config/settings.hpp"

namespace sluice::app {

/// Reads and judges the settings file. Kind config: it can't be read, or what it says can't be.
Result<config::Loaded> load_settings(const std::string& path);

/// Where the process that runs can be reached, though load_settings() failed.
config::Reach reach_by(const std::string& path);

}  // namespace sluice::app
