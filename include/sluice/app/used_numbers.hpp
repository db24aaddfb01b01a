#pragma once

#include <cstdint>
#include <string>

namespace sluice::app {

/// The highest job number that a name in the spool's folders bears: what a lost ledger would have known. 0: none.
std::uint64_t used_job_numbers(const std::string& spool);

}  // namespace sluice::app
