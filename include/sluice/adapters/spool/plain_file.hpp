#pragma once

#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::adapters::spool {

/// A file anywhere, for looking at it only (`sluice check`). Reads block. Kinds: missing, permission, io, bad_input (no
/// regular file).
Result<std::unique_ptr<ports::ClaimedFile>> open_plain_file(const std::string& path);

}  // namespace sluice::adapters::spool
