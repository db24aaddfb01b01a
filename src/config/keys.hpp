#pragma once

#include <span>
#include <string>
#include <string_view>

#include "field.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::config {

struct Key {
  std::string_view name;  ///< dotted
  Field field;
  text::Sentence<0> words;  ///< meaning, when to change it, what it costs
  bool required = false;
  bool restart = false;  ///< false: taken over on reload
  bool silent = false;   ///< its value may hold a secret that somebody misplaced: never repeated in an error
};

/// Every key there is. Loading, `sluice config`, what needs a restart and the reference page all come from here; the
/// defaults are those of Settings.
std::span<const Key> keys();

/// The known key or group that somebody who wrote `dotted` most likely meant: by spelling, or the same name in another
/// group.
std::string_view nearest_key(std::string_view dotted);

/// The reference page in one language (Markdown tables), generated from the same table.
std::string reference(text::Lang lang);

}  // namespace sluice::config
