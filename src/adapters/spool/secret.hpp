#pragma once

#include <string>

#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// state/secret: 32 random bytes that only the spool's owner reads, made where there are none. What is there and is no
/// such file is kind `config`: a new one would hold every job under way, and that is for a person to decide.
Result<std::string> read_or_make_secret(const Folders& folders);

}  // namespace sluice::adapters::spool
