#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/pipeline/meters.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// Why no request starts on the whole line. Stored by name in status and logs.
enum class Pause : std::uint8_t { none, by_operator, authorization, certificate, address, outage, storage, stopping };
std::string_view name(Pause pause);

/// One job as people see it.
struct JobStatus {
  JobId id;
  std::string name;
  ports::JobState state = ports::JobState::claiming;
  std::string service;
  std::uint64_t rows = 0;
  ports::Counts counts{};
  std::uint64_t unsettled = 0;
  std::uint64_t in_flight = 0;      ///< rows
  std::uint64_t maybe_applied = 0;  ///< rows
  std::uint64_t requests = 0;
  std::optional<WallTime> eta;
  std::string held;   ///< why, and what to do; empty: not held
  std::string waits;  ///< "surveying", "waiting for midnight (UTC+8)", ...
};

/// A job that ended lately.
struct EndedJob {
  JobId id;
  std::string name;
  ports::JobState state = ports::JobState::done;  ///< or rejected
  std::uint64_t rows = 0;
  ports::Counts counts{};
  int exit = 0;
  std::optional<WallTime> finished;
};

/// A finished job whose orders in doubt nobody has resolved.
struct JobInDoubt {
  JobId id;
  std::string name;
  std::uint64_t orders = 0;
  std::string file;  ///< in the outbox, as shown to people
};

/// The live picture.
struct Status {
  WallTime at{};
  Pause pause = Pause::none;
  std::string pause_words;  ///< why and what to do
  std::optional<WallTime> paused_since;
  double rate = 0;         ///< requests a second, configured
  double recent_rate = 0;  ///< SlotQueue::recent_rate()
  double widening = 1;
  std::optional<WallTime> closed_until;
  std::uint32_t in_flight = 0;  ///< requests
  std::uint64_t requests = 0;   ///< since the start of the process
  std::uint64_t throttled = 0;
  std::vector<JobStatus> jobs;
  std::vector<EndedJob> ended;       ///< newest first
  std::vector<JobInDoubt> in_doubt;  ///< by number
  std::string credential;            ///< why its source can't be read now; the one read before stays in force
  std::string note;                  ///< how this picture came about, where no process answered
  std::vector<std::string> waiting;  ///< files in the inbox that are not taken yet, each with why
  Meters meters;                     ///< for metrics alone: no part of its JSON
};

}  // namespace sluice::pipeline
