#pragma once

#include <memory>
#include <string>

#include "sluice/base/error.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::adapters::spool {

/// A file anywhere, for looking at it only (`sluice check`). Reads block. Kinds: missing, permission, io, bad_input (no
/// regular file).
Result<std::unique_ptr<ports::ClaimedFile>> open_plain_file(const std::string& path);
/// The same, for a file that this process wrote into a folder where others may put theirs: no link is followed, and it
/// must be this user's, under one name. Kind `changed`: it is not.
Result<std::unique_ptr<ports::ClaimedFile>> open_own_file(const std::string& path);

}  // namespace sluice::adapters::spool
