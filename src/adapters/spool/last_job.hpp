#pragma once

#include <memory>
#include <string>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"

namespace sluice::adapters::spool {

/// Numbers only grow. `root`: the spool's; `where`: the file, for people. What is still to be fsynced; null: nothing.
/// Until then the claimed file in state/ bears the number.
Result<std::shared_ptr<const posix::Fd>> note_last_job(const posix::Fd& root, JobId job, const std::string& where);

}  // namespace sluice::adapters::spool
