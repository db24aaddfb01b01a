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
constexpr std::string_view kModule = "@MODULE@";
constexpr std::string_view kVersion = "@VERSION@";

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

std::string with(std::string text, std::string_view mark, std::string_view value) {
  for (auto at = text.find(mark); at != text.npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
  return text;
}

/// Its line that names a module is there for each of them, so that none is asked for only when another one names it.
std::string page_of(std::string_view source) {
  std::string text;
  while (!source.empty()) {
    const auto line = source.substr(0, std::min(source.find('\n'), source.size() - 1) + 1);
    source.remove_prefix(line.size());
    if (!line.contains(kModule)) text += line;
    for (const auto& asset : embedded_assets()) {
      if (line.contains(kModule) && asset.name.ends_with(".js")) text += with(std::string(line), kModule, asset.name);
    }
  }
  return with(std::move(text), kVersion, version());
}

const Asset* page() {
  static const auto* source = named(kPage);
  static const auto text = page_of(source == nullptr ? "" : source->bytes);
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
