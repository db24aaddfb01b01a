#pragma once

#include <cstdint>

#include "sluice/base/time.hpp"

namespace sluice::simulation {

/// How bad it is outside just now, as chances in a thousand a call; all zero when the weather has cleared. The one
/// place through which faults are switched on and off.
struct Weather {
  std::uint32_t disk_error = 0;      ///< any spool call: EIO, EACCES, EMFILE
  bool disk_full = false;            ///< every write: ENOSPC, until it ends
  std::uint32_t ledger_error = 0;    ///< a group of commits: I/O error or no space
  std::uint32_t commit_lost = 0;     ///< a group of commits on a shared ledger: its answer
  std::uint32_t gate_busy = 0;       ///< somebody has the gate's lock this very moment
  std::uint32_t connect_error = 0;   ///< DNS, TCP
  bool bad_certificate = false;      ///< every connect, until it ends
  std::uint32_t exchange_fault = 0;  ///< one of the faults of fault.hpp
  bool outage = false;               ///< every request: 502, until it ends
  bool closed = false;               ///< every request: 429 without Retry-After, until it ends
  std::uint32_t odd_status = 0;      ///< a row that was applied: a status that the pages don't know, a word, a boolean
  std::uint32_t internal_error = 0;  ///< a row: *internal error* (create 9, modify 10)
  std::uint32_t unsettled_file = 0;  ///< the scan takes a file for ready that is being written, or hides one that is
  Nanos latency_low = std::chrono::milliseconds(1);    ///< one way to the API
  Nanos latency_high = std::chrono::milliseconds(20);  ///< at most 240 ms: beyond 250 ms the pace promises nothing
};

}  // namespace sluice::simulation
