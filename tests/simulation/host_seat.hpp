#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "ledger_store.hpp"
#include "mistake.hpp"
#include "sluice/base/error.hpp"

namespace sluice::simulation {

/// What the shared ledger knows of its hosts (docs/several-hosts.md).
struct HostTable {
  struct Row {
    std::uint64_t epoch = 0;  ///< 0: none, or another host has ended it
    Nanos lease_until{0};     ///< by the ledger's clock
    WallTime renewed_wall{};  ///< by its own; nobody may go by it
    bool cut_off = false;     ///< it can't reach the ledger just now
  };
  std::vector<Row> hosts;
  bool shared_spool = false;
  std::map<std::uint64_t, std::size_t> jobs;  ///< by number: whose they are
  std::uint64_t last_epoch = 0;
  std::uint64_t revision = 0;                     ///< of doubts and the pause
  std::function<void(std::size_t)> tells_others;  ///< of what that host has changed; a hint
  std::function<void(std::string words)> violated;

  bool has(std::size_t host, JobId job) const {
    const auto at = jobs.find(job.n);
    return at != jobs.end() && at->second == host;
  }
};

/// One host's place at the shared ledger, from its start: what its commits must prove, and what they mean for the
/// others.
struct HostSeat {
  HostSeat(HostTable& table, std::size_t number, Mistake mistake)
      : table(table), number(number), epoch(++table.last_epoch), mistake(mistake) {
    row().epoch = epoch;
  }
  HostTable::Row& row() const { return table.hosts[number]; }
  bool fenced() const { return row().epoch != epoch; }
  bool cut_off() const { return row().cut_off; }
  /// Whether the ledger takes this commit of it.
  Result<void> allows(const ports::Changes& changes, const LedgerStore& store) const;
  void applied(const ports::Changes& changes);

  HostTable& table;
  std::size_t number;
  std::uint64_t epoch;
  Mistake mistake;
  std::uint64_t doubts_seen = 0;
  std::uint64_t pause_seen = 0;

 private:
  Result<void> may_announce(const ports::Batch& batch, const LedgerStore& store) const;
};

}  // namespace sluice::simulation
