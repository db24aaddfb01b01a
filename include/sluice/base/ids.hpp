#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sluice {

/// A job: `YYYYMMDD-N`. The day (UTC+8) it was claimed, and N, which counts up for the spool's whole life and is
/// therefore enough to tell jobs apart.
struct JobId {
  std::uint32_t day = 0;  ///< YYYYMMDD
  std::uint64_t n = 0;
  friend bool operator==(JobId a, JobId b) { return a.n == b.n; }
  friend auto operator<=>(JobId a, JobId b) { return a.n <=> b.n; }
};
std::string to_string(JobId job);
/// Nothing but the exact form is taken.
std::optional<JobId> parse_job_id(std::string_view text);

/// A batch, unique and rising for the spool's whole life. A half or a retry is a new batch.
enum class BatchId : std::uint64_t {};
inline std::uint64_t number(BatchId id) {
  return static_cast<std::uint64_t>(id);
}

}  // namespace sluice
