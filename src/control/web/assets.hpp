#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace sluice::control::web {

/// A file of the page, as it lies in src/control/web/assets/.
struct Asset {
  std::string_view name;
  std::string_view bytes;
  bool lasts = true;  ///< its address names its content: a browser need not ask for it again
};

/// All that are in the program; cmake/SluiceAssets.cmake puts them there.
std::span<const Asset> embedded_assets();

/// What a browser gets for an address: the page itself for `/` and `/sign-in`, and each file at /VERSION/NAME. Another
/// version of any file is another VERSION of all, which the page names. Null: there is none.
const Asset* asset_at(std::string_view path);
/// By the name's ending.
std::string_view content_type(std::string_view name);
/// A quoted hash of the bytes (RFC 9110, 8.8.3).
std::string entity_tag(const Asset& asset);

}  // namespace sluice::control::web
