#pragma once

#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// Tries with a file of our own whether state/ can rename into the other folders, without replacing: else kind
/// `config`, or `no_space` where there is no room to try it.
Result<void> try_renames(const Folders& folders);

}  // namespace sluice::adapters::spool
