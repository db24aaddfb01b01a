#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace sluice::control::web {

/// What a plus means: a blank in a query that a form made, itself in a path.
enum class Plus : std::uint8_t { is_plus, is_blank };

/// Percent-decoded (RFC 3986, 2.1). What is no such code stays as it is.
std::string decoded(std::string_view text, Plus plus);

/// The first value of a name; empty: there is none.
std::string query_parameter(std::string_view query, std::string_view name);

}  // namespace sluice::control::web
