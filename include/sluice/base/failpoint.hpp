#pragma once

namespace sluice::detail {
extern const bool failpoints_armed;
void failpoint(const char* name) noexcept;
}  // namespace sluice::detail

/// A durable step at which a test may kill the process: with the environment variable SLUICE_FAILPOINT=NAME:N (N from
/// 1; left out: 1) at its start, the Nth time any thread comes by the point of that name, the process sends itself
/// SIGKILL; nothing is flushed, no destructor runs, as in a crash. Compiled in everywhere, so that what is tested is
/// what is shipped; unarmed it costs one branch. Names are MODULE.MOMENT: "ledger.before_commit".
#define SLUICE_FAILPOINT(name) \
  (__builtin_expect(::sluice::detail::failpoints_armed, false) ? ::sluice::detail::failpoint(name) : void(0))
