#pragma once

#include <optional>
#include <string_view>

#include "sluice/text/words.hpp"

namespace sluice::records {

/// What a file is that is no table in text, recognised by its first bytes, with advice how to save it as CSV. nullopt:
/// none known.
std::optional<text::Message> foreign_format(std::string_view head);

}  // namespace sluice::records
