#pragma once

#include <gtest/gtest.h>

#include <string>

#include "sluice/config/settings.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::config::testing {

using namespace std::chrono_literals;

/// The least that is sound; three lines.
inline const std::string kLeast =
    "upstream:\n"
    "  base_url: https://api.example/prod-api/\n"
    "  authorization: {file: /etc/sluice/authorization}\n";

inline Settings sound(const std::string& yaml) {
  const Result<Loaded> loaded = load(yaml, "s.yaml");
  EXPECT_TRUE(loaded) << loaded.error().words;
  return loaded ? loaded->settings : Settings{};
}

/// The words of a refusal; empty: it was taken.
inline std::string refusal(const std::string& yaml) {
  const Result<Loaded> loaded = load(yaml, "s.yaml");
  if (loaded) return "";
  EXPECT_EQ(loaded.error().kind, ErrorKind::config);
  return text::in(text::Lang::en, loaded.error().words);
}

}  // namespace sluice::config::testing
