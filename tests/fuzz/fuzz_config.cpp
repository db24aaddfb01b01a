#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sluice/config/settings.hpp"

// Whatever the file, loading ends with settings or with words; what was taken is taken again as it is shown.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluice::config;
  const std::string yaml(reinterpret_cast<const char*>(data), size);
  const sluice::Result<Loaded> loaded = load(yaml, "fuzz.yaml");
  if (!loaded) {
    if (loaded.error().words.empty()) std::abort();
    return 0;
  }
  std::string again;
  std::string group;
  for (const Shown& key : loaded->shown) {
    const std::size_t dot = key.key.find('.');
    const std::string in = dot == std::string::npos ? "" : key.key.substr(0, dot);
    if (in != group && !in.empty()) again += in + ":\n";
    group = in;
    again += (dot == std::string::npos ? key.key : "  " + key.key.substr(dot + 1)) + ": " + key.value + "\n";
  }
  const sluice::Result<Loaded> second = load(again, "again.yaml");
  if (!second || !needs_restart(loaded->settings, second->settings).empty()) std::abort();
  return 0;
}
