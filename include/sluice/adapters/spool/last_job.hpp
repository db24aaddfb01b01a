#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace sluice::adapters::spool {

/// In the spool's root, where nobody but the owner can write or remove it: the highest number that a claimed job has
/// had. A spool that has this file and no ledger has lost it, whatever else was emptied (docs/contract.md, The spool).
inline constexpr const char* kLastJob = ".last-job";

/// That number; 0: there is such a file, but what it says can't be read. nullopt: no job was ever claimed (or the last
/// one was before there was such a file).
std::optional<std::uint64_t> last_job(const std::string& spool);

}  // namespace sluice::adapters::spool
