#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sluice::config {

/// What a person typed that makes a file unreadable as YAML, and where; line and column from 1. Never the file's own
/// text, which may hold a secret.
struct Slip {
  std::size_t line;
  std::size_t column;
  std::string_view words;
};

/// The first slip that shows by itself: a tab in the indentation, a full-width colon behind a key. Only for a text that
/// was refused: within quotes or a comment both are sound.
std::optional<Slip> find_slip(std::string_view yaml);

/// What to do about the library's words for a broken document; empty: they say it themselves.
std::string_view advice_for(std::string_view library_words);

/// For what was meant to be a key with its value and was read as one text: ", ..." about its colon, or nothing.
std::string_view advice_for_colon(std::string_view text);

}  // namespace sluice::config
