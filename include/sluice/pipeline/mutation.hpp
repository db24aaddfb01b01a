#pragma once

#include <cstdint>

namespace sluice::pipeline {

/// Real mistakes, put back one at a time by the simulation's own test: each must be found (tests/simulation).
enum class Mutation : std::uint8_t {
  none,
  announce_after_sending,  ///< the ledger learns of a batch only after its bytes went out
  forget_maybe_applied,    ///< an ambiguous answer leaves no trace on its rows
  settle_before_commit,    ///< rows count as settled before the ledger has their answers
  rename_before_fsync,     ///< outputs are published before their bytes are durable
  forgetful_gate,          ///< the pace starts anew with each process
  resend_on_hold,          ///< in_doubt: hold is not honoured
  ignore_busy_keys,        ///< two orders of one uid are unsettled at once
  forget_doubts,           ///< an order goes out though another job has left it in doubt since it was read
};

#ifdef SLUICE_MUTATIONS
inline thread_local Mutation current_mutation = Mutation::none;
inline bool mutated(Mutation m) {
  return current_mutation == m;
}
#else
constexpr bool mutated(Mutation) {
  return false;
}
#endif

}  // namespace sluice::pipeline
