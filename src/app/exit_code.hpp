#pragma once

#include "command_line.hpp"
#include "sluice/base/error.hpp"

namespace sluice::app {

/// docs/contract.md, Exit codes.
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

}  // namespace sluice::app
