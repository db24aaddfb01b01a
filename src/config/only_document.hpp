#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>

namespace sluice::config {

/// Where a second YAML document begins, or something that is none; nullopt: the text is one document, or empty.
/// yaml-cpp 0.7's own LoadAll never ends on text that begins with a comma, so that documents are counted here.
/// Throws YAML::Exception.
std::optional<YAML::Mark> second_document(const std::string& yaml);

}  // namespace sluice::config
