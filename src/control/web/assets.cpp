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

}  // namespace

const Asset* asset_at(std::string_view path) {
  if (!path.starts_with('/')) return nullptr;
  const auto name = path == "/" || path == "/sign-in" ? std::string_view("index.html") : path.substr(1);
  const auto assets = embedded_assets();
  const auto found = std::ranges::find(assets, name, &Asset::name);
  return found == assets.end() ? nullptr : &*found;
}

std::string_view content_type(std::string_view name) {
  const auto* found = std::ranges::find_if(kTypes, [&](const Type& type) { return name.ends_with(type.ending); });
  return found == std::end(kTypes) ? "application/octet-stream" : found->type;
}

std::string entity_tag(const Asset& asset) {
  return fmt::format("\"{:016x}-{}\"", fnv(asset.bytes), asset.bytes.size());
}

}  // namespace sluice::control::web
