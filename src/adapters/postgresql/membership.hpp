#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "postgresql/connection.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::postgresql {

/// How long a host is left alone after it renewed its lease, by the database's clock.
inline constexpr std::chrono::seconds kLease{30};

/// A process as it presents itself to the others.
struct Presence {
  std::string name;     ///< unlike that of any other host of the account
  std::string spool;    ///< what it works; where it is shared, hosts with the same one share an inbox
  bool shared = false;  ///< others may work the same spool, and take its jobs over
  std::string machine;  ///< tells this machine from others: two of them must not bear one name
};

/// What the database made of it. Every commit proves name and epoch.
struct Membership {
  std::string name;
  std::uint64_t epoch = 0;
  std::uint32_t number = 0;  ///< among the hosts, 0 to 15: its place in the gate
};

/// Until the transaction ends nobody else joins.
Result<void> lock_joining(Connection& connection);

/// Gives the process an epoch, which ends every earlier one of its name, and a lease. Kinds: busy (a host of that name
/// on another machine has a lease), config (there are 16 already), and others.
Result<Membership> join(Connection& connection, const Presence& presence);

/// Renews the lease. Kind `fenced`: another epoch has begun.
Result<void> renew(Connection& connection, const Membership& membership,
                   std::chrono::milliseconds patience = kPatience);

/// Ends the lease, so that others need not wait for it.
Result<void> resign(Connection& connection, const Membership& membership);

/// The account's secret; the first that is offered becomes it.
Result<std::string> agree_on_secret(Connection& connection, const std::string& offered);

}  // namespace sluice::adapters::postgresql
