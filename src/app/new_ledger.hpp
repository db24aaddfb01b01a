#pragma once

#include "machine.hpp"
#include "remains.hpp"

namespace sluice::app {

/// What the ledger of `recover` begins with, if it is new: in one commit the numbers to go on from, the jobs that ended
/// and the orders in doubt, out of the remains and of the in-doubt files in outbox/. Says what it took up of these,
/// in the language of who runs it.
Result<void> begin_new_ledger(Machine& machine, const Found& found, text::Lang language, WallTime now);

}  // namespace sluice::app
