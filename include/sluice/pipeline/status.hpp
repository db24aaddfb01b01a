#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/answer.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::pipeline {

/// How long things took, in buckets that Prometheus adds up.
class DurationHistogram {
 public:
  /// The upper bounds of all buckets but the last, in seconds. They reach beyond the default response_timeout.
  static constexpr std::array<double, 11> kBounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30, 70};

  void add(Nanos took) {
    const double seconds = std::chrono::duration<double>(took).count();
    ++buckets_[static_cast<std::size_t>(std::ranges::lower_bound(kBounds, seconds) - kBounds.begin())];
    seconds_ += seconds;
  }
  /// Of each bucket alone; the last is of what took longer than every bound.
  const std::array<std::uint64_t, kBounds.size() + 1>& buckets() const { return buckets_; }
  double seconds() const { return seconds_; }

 private:
  std::array<std::uint64_t, kBounds.size() + 1> buckets_{};
  double seconds_ = 0;
};

struct RequestMeters {
  std::uint64_t started = 0;  ///< had a slot of the limit
  /// By what came of those that ended.
  std::array<std::uint64_t, orders::kAnswerClasses> answers{};
  std::uint64_t lost = 0;    ///< no whole answer, and bytes were out
  std::uint64_t unsent = 0;  ///< nothing left
  std::uint64_t throttled = 0;
  DurationHistogram took;  ///< from the slot to the whole answer
};

struct LedgerMeters {
  std::uint64_t commits = 0;
  std::uint64_t failed_commits = 0;
  Nanos commit_time{0};  ///< of both, in sum
  ports::Counts settled{};
  std::uint64_t other_starts = 0;
};

/// What happened since the process started. All of it only grows.
struct Meters {
  RequestMeters requests;
  LedgerMeters ledger;
  std::uint64_t jobs_done = 0;
  std::uint64_t jobs_rejected = 0;
};

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
  std::string held;           ///< why, and what to do; empty: not held
  std::string placed_before;  ///< that earlier jobs had accepted orders of it; empty: none that is known
  std::string waits;          ///< "surveying", "waiting for midnight (UTC+8)", ...
};

/// A job that ended lately.
struct EndedJob {
  JobId id;
  std::string name;
  ports::JobState state = ports::JobState::done;  ///< or rejected
  std::uint64_t rows = 0;
  ports::Counts counts{};
  int exit = 0;
  std::uint64_t other_starts = 0;  ///< of the accepted: become active on another day than expected
  std::optional<WallTime> finished;
};

/// A finished job whose orders in doubt nobody has resolved.
struct JobInDoubt {
  JobId id;
  std::string name;
  std::uint64_t orders = 0;
  std::string file;  ///< in the outbox, as shown to people
};

/// A process of the account, where several share it.
struct HostStatus {
  std::string name;
  bool ours = false;
  bool alive = false;            ///< its lease is not over
  std::optional<WallTime> seen;  ///< when it last renewed it
  std::uint64_t jobs = 0;        ///< at work
};

/// A job at work at another host, as the ledger has it.
struct JobElsewhere {
  JobId id;
  std::string host;
  std::string name;
  ports::JobState state = ports::JobState::claiming;
  std::uint64_t rows = 0;
  ports::Counts counts{};
  std::string held;  ///< why, and what to do; empty: not held
};

/// A file in the inbox that is not taken yet, and why.
struct WaitingFile {
  std::string name;  ///< raw bytes; empty: the words are about the inbox as a whole
  std::string words;
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
  std::string inbox;                 ///< why new files are not heard of at once
  std::string note;                  ///< why nobody works the spool now: no process answered, or one still starts
  std::vector<std::string> waiting;  ///< files in the inbox that are not taken yet, each with why
  std::vector<HostStatus> hosts;     ///< this one first; none: the account has only this one
  std::vector<JobElsewhere> elsewhere;
  Meters meters;  ///< for metrics alone: no part of its JSON
};

}  // namespace sluice::pipeline
