#pragma once

#include <string>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"

namespace sluice::adapters::spool {

/// Durable before a claim moves anything: numbers only grow. `root`: the spool's; `where`: the file, for people.
Result<void> note_last_job(const posix::Fd& root, JobId job, const std::string& where);

}  // namespace sluice::adapters::spool
