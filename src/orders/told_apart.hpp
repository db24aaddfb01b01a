#pragma once

#include <algorithm>
#include <span>
#include <string_view>

#include "sluice/orders/service.hpp"

namespace sluice::orders {

/// Two headers that are one to the reader, as far as a constant expression can tell: in any ASCII case, and without
/// spaces, underscores and hyphens.
constexpr bool same_header(std::string_view a, std::string_view b) {
  const auto skip = [](std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" _-"), text.size()));
  };
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  for (a = skip(a), b = skip(b); !a.empty() && !b.empty(); a = skip(a.substr(1)), b = skip(b.substr(1)))
    if (lower(a.front()) != lower(b.front())) return false;
  return a.empty() && b.empty();
}

constexpr bool share_a_header(const FieldSpec& a, const FieldSpec& b) {
  const auto means_b = [&](std::string_view header) {
    return same_header(header, b.name) ||
           std::ranges::any_of(b.aliases, [&](std::string_view other) { return same_header(header, other); });
  };
  return means_b(a.name) || std::ranges::any_of(a.aliases, means_b);
}

/// Whether what the services declare to tell them apart does: a telling field is required and has no header that any
/// other service knows; one service at most has none.
constexpr bool are_told_apart(std::span<const Service> services) {
  for (const auto& each : services) {
    for (const std::size_t f : each.telling_fields) {
      if (f >= each.fields.size() || !each.fields[f].required) return false;
      for (const auto& other : services) {
        const auto shared = [&](const FieldSpec& field) { return share_a_header(each.fields[f], field); };
        if (other.id != each.id && std::ranges::any_of(other.fields, shared)) return false;
      }
    }
  }
  return std::ranges::count_if(services, [](const Service& s) { return s.telling_fields.empty(); }) <= 1;
}

}  // namespace sluice::orders
