#pragma once

#include <cstdio>

namespace sluice::app {

/// Whether everything printed to stdout so far got out.
inline bool output_arrived() {
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

}  // namespace sluice::app
