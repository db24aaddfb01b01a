#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/pacing/gate.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::adapters::postgresql {

/// The database that the hosts of an account share.
struct Database {
  std::string conninfo;
  std::string password;
};

/// This process as the others see it.
struct Self {
  std::string name;  ///< empty: the machine's and the spool's
  std::string spool;
  bool shared = false;               ///< others may work the same spool, and take over jobs of those that died
  std::string secret;                ///< becomes the account's, if it has none
  std::optional<pacing::Rate> rate;  ///< none: a file keeps the pace
};

/// What the account's hosts share, in the order it is made; destroyed the other way round.
struct Account {
  std::unique_ptr<ports::Hosts> hosts;
  std::unique_ptr<ports::Ledger> ledger;
  std::unique_ptr<ports::GateStore> gate;  ///< none: a file keeps the pace
  std::string secret;                      ///< under which orders are marked
};

/// Makes this process one of the hosts: schema, epoch and lease, ledger, pace. Blocks. Kinds: busy (a host of that name
/// is at work elsewhere), config, permission, io and others. `clock` outlives it.
Result<Account> enter(const Database& database, const Self& self, ports::Clock& clock);

/// The hosts that there are, the one that looks first, and the jobs of all but that one.
struct Others {
  std::vector<ports::Host> hosts;
  std::vector<ports::Hosts::JobElsewhere> jobs;
};
struct Looked {
  std::unique_ptr<ports::Ledger> ledger;
  Others others;
};
/// The ledger only to look at: the open jobs are those of the host that `self` would be. Kinds as above, and missing:
/// nothing was kept there yet.
Result<Looked> look(const Database& database, const Self& self);

/// Whether the conninfo may be used, without connecting. Kind config.
Result<void> judge(const std::string& conninfo);

}  // namespace sluice::adapters::postgresql
