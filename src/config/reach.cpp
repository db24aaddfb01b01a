#include "sluice/config/reach.hpp"

#include <yaml-cpp/yaml.h>

#include <optional>
#include <utility>

#include "sluice/config/settings.hpp"

namespace sluice::config {

namespace {

constexpr int kFurthestUp = 50;  // lines above the place where YAML gives up: the mistake may have begun there

/// The first lines of the text.
std::string beginning(const std::string& yaml, int lines) {
  std::size_t end = 0;
  for (int line = 0; line < lines && end < yaml.size(); ++line) {
    const auto newline = yaml.find('\n', end);
    end = newline == std::string::npos ? yaml.size() : newline + 1;
  }
  return yaml.substr(0, end);
}

std::string text_of(const YAML::Node& node) {
  return node.IsDefined() && node.IsScalar() ? node.Scalar() : "";
}

void read(const YAML::Node& document, Reach& reach) {
  if (!document.IsMap()) return;
  if (auto spool = text_of(document["spool"]); spool.starts_with('/')) reach.spool = std::move(spool);
  const auto control = document["control"];
  if (!control.IsDefined() || !control.IsMap()) return;
  if (auto socket = text_of(control["socket"]); socket.starts_with('/')) reach.socket = std::move(socket);
}

/// The line where YAML gives up; nothing: it didn't.
std::optional<int> try_to_read(const std::string& yaml, Reach& reach) {
  try {
    read(YAML::Load(yaml), reach);
    return std::nullopt;
  } catch (const YAML::Exception& mistake) {
    return mistake.mark.line;
  }
}

}  // namespace

Reach reach_in_spite_of_mistakes(const std::string& yaml) {
  Reach reach{.spool = Settings{}.spool, .socket = {}};
  const auto gave_up = try_to_read(yaml, reach);
  if (!gave_up) return reach;
  for (int lines = *gave_up; lines > 0 && lines > *gave_up - kFurthestUp; --lines) {
    if (!try_to_read(beginning(yaml, lines), reach)) break;
  }
  return reach;
}

}  // namespace sluice::config
