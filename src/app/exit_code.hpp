#pragma once

#include "command_line.hpp"
#include "sluice/base/error.hpp"

namespace sluice::app {

/// docs/contract.md, Exit codes: why a command was refused.
inline int exit_code_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::usage:
    case ErrorKind::missing:
      return kExitUsage;
    case ErrorKind::busy:
      return kExitBusy;
    default:
      return kExitConfig;
  }
}

/// Why work could not begin or go on: whatever is missing, it is not a mistake on the command line, and trying again
/// would not help.
inline int exit_code_of_work(const Error& error) {
  return error.kind == ErrorKind::busy ? kExitBusy : kExitConfig;
}

}  // namespace sluice::app
