#pragma once

#include <cstddef>

#include "postgresql/connection.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

/// Brings the schema `sluice` of the database up to the version that this program knows, all steps in one transaction;
/// makes it where there is none, if the role may. Kinds: config (of a newer version), permission and others.
Result<void> migrate(Connection& connection);

/// That the schema is there and of exactly this version; changes nothing. Kinds: missing (there is none), config.
Result<void> check_version(Connection& connection);

std::size_t schema_version();

}  // namespace sluice::adapters::postgresql
