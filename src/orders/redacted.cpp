#include "redacted.hpp"

#include <algorithm>
#include <array>

namespace sluice::orders {

namespace {

bool is_token_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return letter || (c >= '0' && c <= '9') || std::string_view("-._~+/=").contains(c);
}

bool is_scheme(std::string_view run) {
  static constexpr std::array<std::string_view, 2> kSchemes = {"bearer", "basic"};
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::any_of(kSchemes, [&](std::string_view s) { return std::ranges::equal(run, s, {}, lower); });
}

bool is_number(std::string_view run) {
  return std::ranges::all_of(run, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::string redacted(std::string_view words) {
  constexpr std::size_t kLong = 20;
  std::string out;
  bool after_scheme = false;
  for (std::size_t at = 0; at < words.size();) {
    if (!is_token_character(words[at])) {
      out += words[at++];
      continue;
    }
    const auto begin = words.begin() + static_cast<std::ptrdiff_t>(at);
    const std::string_view run(begin, std::find_if_not(begin, words.end(), is_token_character));
    const bool hide = after_scheme || (run.size() >= kLong && !is_number(run));
    out += hide ? "[hidden]" : run;
    after_scheme = !after_scheme && is_scheme(run);
    at += run.size();
  }
  return out;
}

}  // namespace sluice::orders
