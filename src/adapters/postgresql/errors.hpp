#pragma once

#include <string>
#include <string_view>

#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

// What the functions of our own schema raise (schema.cpp).
inline constexpr std::string_view kFenced = "SLF01";
inline constexpr std::string_view kElsewhere = "SLK01";
inline constexpr std::string_view kStale = "SLR01";

/// What the server reported, as the caller may act on it: io, no_space, no_handles, busy: nothing was applied, worth
/// trying again; permission, config: somebody must see to it; corrupt: nothing may be sent any more. `sqlstate` as in
/// PostgreSQL's appendix A.
Error server_error(std::string_view where, std::string_view sqlstate, std::string_view message);

/// The connection broke, or could not be made.
Error connection_lost(std::string_view where, std::string_view message);

}  // namespace sluice::adapters::postgresql
