#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sluice::simulation {

/// A mistake in what the pipeline is told, planted to see that it is found (mutations/README.md).
enum class Mistake : std::uint8_t {
  none,
  announce_after_sending,  ///< the ledger says that a batch is announced before that is durable
  settle_before_commit,    ///< the ledger says that rows are settled before that is durable
  forget_maybe_applied,    ///< the ledger forgets which batches may have been applied
  forgetful_gate,          ///< the gate starts afresh with each process
  lazy_fsync,              ///< an output is called finished while its bytes are not durable
  rename_before_fsync,     ///< the same, and its name is not durable either
  forget_day_cap,          ///< the ledger has never heard of an order that went out today
  resend_on_hold,          ///< the engine is told `retry.in_doubt: resend` where `hold` is in force
  // Of several hosts, where the rule is the shared ledger's:
  epoch_not_proved,          ///< it takes the commits of a host that was taken over
  lease_on_the_wrong_clock,  ///< whether a lease is over is told from two hosts' wall clocks
  keys_not_shared,           ///< it lets two hosts announce orders of one key
};

constexpr std::array kMistakes = {
    std::pair<std::string_view, Mistake>{"announce_after_sending", Mistake::announce_after_sending},
    std::pair<std::string_view, Mistake>{"settle_before_commit", Mistake::settle_before_commit},
    std::pair<std::string_view, Mistake>{"forget_maybe_applied", Mistake::forget_maybe_applied},
    std::pair<std::string_view, Mistake>{"forgetful_gate", Mistake::forgetful_gate},
    std::pair<std::string_view, Mistake>{"lazy_fsync", Mistake::lazy_fsync},
    std::pair<std::string_view, Mistake>{"rename_before_fsync", Mistake::rename_before_fsync},
    std::pair<std::string_view, Mistake>{"forget_day_cap", Mistake::forget_day_cap},
    std::pair<std::string_view, Mistake>{"resend_on_hold", Mistake::resend_on_hold},
    std::pair<std::string_view, Mistake>{"epoch_not_proved", Mistake::epoch_not_proved},
    std::pair<std::string_view, Mistake>{"lease_on_the_wrong_clock", Mistake::lease_on_the_wrong_clock},
    std::pair<std::string_view, Mistake>{"keys_not_shared", Mistake::keys_not_shared}};

}  // namespace sluice::simulation
