#include "web/assets.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sluice/base/stable_hash.hpp"

namespace sluice::control::web {

namespace {

struct Type {
  std::string_view ending;
  std::string_view type;
};
constexpr Type kTypes[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

constexpr std::string_view kPage = "index.html";
constexpr std::string_view kVersionHere = "@VERSION@";

const Asset* named(std::string_view name) {
  const auto assets = embedded_assets();
  const auto found = std::ranges::find(assets, name, &Asset::name);
  return found == assets.end() ? nullptr : &*found;
}

const std::string& version() {
  static const std::string made = [] {
    std::string all;
    for (const auto& asset : embedded_assets()) all.append(asset.name).append(entity_tag(asset));
    return fmt::format("{:016x}", fnv(all));
  }();
  return made;
}

const Asset* page() {
  static const std::string text = [] {
    std::string made;
    const auto* source = named(kPage);
    auto rest = source == nullptr ? std::string_view() : source->bytes;
    for (auto at = rest.find(kVersionHere); at != rest.npos; at = rest.find(kVersionHere)) {
      made.append(rest.substr(0, at)).append(version());
      rest.remove_prefix(at + kVersionHere.size());
    }
    return made.append(rest);
  }();
  static const Asset made{.name = kPage, .bytes = text, .lasts = false};
  return &made;
}

}  // namespace

const Asset* asset_at(std::string_view path) {
  if (path == "/" || path == "/sign-in") return page();
  const auto folder = fmt::format("/{}/", version());
  return path.starts_with(folder) ? named(path.substr(folder.size())) : nullptr;
}

std::string_view content_type(std::string_view name) {
  const auto* found = std::ranges::find_if(kTypes, [&](const Type& type) { return name.ends_with(type.ending); });
  return found == std::end(kTypes) ? "application/octet-stream" : found->type;
}

std::string entity_tag(const Asset& asset) {
  return fmt::format("\"{:016x}-{}\"", fnv(asset.bytes), asset.bytes.size());
}

}  // namespace sluice::control::web
