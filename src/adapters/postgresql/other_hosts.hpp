#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "postgresql/connection.hpp"
#include "postgresql/membership.hpp"
#include "sluice/ports/hosts.hpp"

namespace sluice::adapters::postgresql {

// What ports::Hosts asks, as plain calls.

/// Jobs of hosts on the same shared spool whose lease is over become this one's, and those hosts' epochs end: in one
/// transaction, which waits for what they have under way. Kind `fenced`: this one was taken over itself.
/// `unsure`: numbers of jobs that a commit without an answer may have made this one's; kept by the caller from one call
/// to the next, so that none of them is left lying by everybody.
Result<std::vector<ports::JobHeader>> take_over(Connection& connection, const Membership& host,
                                                const Presence& presence, std::vector<std::uint64_t>& unsure);

Result<std::vector<ports::Host>> all_hosts(Connection& connection, const Membership& host);
Result<std::vector<ports::Hosts::JobElsewhere>> jobs_elsewhere(Connection& connection, const Membership& host);

/// Leaves an errand at the host that has its job, or at all others that are alive; the ids of what was left. Kinds
/// `missing` (no other host has the job), `busy` (its host's lease is over).
Result<std::vector<std::uint64_t>> leave_errand(Connection& connection, const Membership& host,
                                                const ports::Errand& errand);
/// What was said of it, which ends it; none: nothing yet.
Result<std::optional<Result<std::string>>> take_answer(Connection& connection, std::uint64_t errand);
/// Ends an errand that was not answered. False: it was, meanwhile.
Result<bool> withdraw(Connection& connection, std::uint64_t errand);

Result<std::vector<ports::Errand>> errands_of(Connection& connection, const Membership& host);
Result<void> answer_errand(Connection& connection, const Membership& host, std::uint64_t errand,
                           const Result<std::string>& said);

}  // namespace sluice::adapters::postgresql
