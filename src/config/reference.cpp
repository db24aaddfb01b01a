#include <fmt/format.h>

#include <iterator>

#include "keys.hpp"

namespace sluice::config {
namespace {

constexpr std::string_view kHead =
    R"(# Configuration reference

<!-- Generated from the table of keys (src/config/keys.cpp): change it there. -->

Sluice reads one YAML file: `--config FILE`, else `$SLUICE_CONFIG`, else `/etc/sluice/sluice.yaml`. Every key is
optional but the two marked *required*. Unknown keys, wrong types and bad units are refused with file, line and column;
`sluice config --check` does only that, and sees that the credential and the CA file can be used, as a start would; run
it as the same user, with the same environment. `sluice config` shows every setting in force with its source.
Keys take effect on reload (SIGHUP, `systemctl reload sluice`) but for those that say *restart*.
)";

std::string_view group_of(std::string_view name) {
  return name.substr(0, std::min(name.find('.'), name.size()));
}

/// A cell may hold no bar.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, 1, '\\');
  return text;
}

}  // namespace

std::string reference() {
  const Settings defaults;
  std::string page(kHead);
  std::string_view group;
  for (const Key& key : keys()) {
    if (group_of(key.name) != group) {
      group = group_of(key.name);
      fmt::format_to(std::back_inserter(page),
                     "\n## {}\n\n| key | default | takes | effect | meaning |\n|---|---|---|---|---|\n", group);
    }
    const std::string fallback = key.required ? "*required*" : fmt::format("`{}`", written(key.field, defaults));
    fmt::format_to(std::back_inserter(page), "| `{}` | {} | {} | {} | {} |\n", key.name, fallback,
                   cell(type_words(key.field)), key.restart ? "restart" : "reload", cell(std::string(key.words)));
  }
  return page;
}

}  // namespace sluice::config
