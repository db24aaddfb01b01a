#pragma once

#include <string>
#include <string_view>

namespace sluice::orders {

/// A peer's words without what may be a credential that it echoes: what follows "Bearer" or "Basic", and long runs of
/// token characters that are not just a number.
std::string redacted(std::string_view words);

}  // namespace sluice::orders
