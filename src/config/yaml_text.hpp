#pragma once

#include <yaml-cpp/yaml.h>

#include <optional>
#include <string>
#include <string_view>

namespace sluice::config {

/// Where a second YAML document begins, or something that is none; nullopt: the text is one document, or empty.
/// yaml-cpp 0.7's own LoadAll never ends on text that begins with a comma, so that documents are counted here.
/// Throws YAML::Exception.
std::optional<YAML::Mark> second_document(const std::string& yaml);

/// What a person typed that makes a file unreadable as YAML, and where; line and column from 1. Never the file's own
/// text, which may hold a secret.
struct Slip {
  std::size_t line;
  std::size_t column;
  std::string words;
};

/// The first slip that shows by itself: a tab in the indentation, a full-width colon behind a key. Only for a text that
/// was refused: within quotes or a comment both are sound.
std::optional<Slip> find_slip(std::string_view yaml);

/// What is wrong with a broken document, by the library's own words for it.
std::string words_for(std::string_view library_words);

/// For what was meant to be a key with its value and was read as one text: ", ..." about its colon, or nothing.
std::string advice_for_colon(std::string_view text);

}  // namespace sluice::config
