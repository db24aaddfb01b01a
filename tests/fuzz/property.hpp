#pragma once

#include <cstdio>
#include <cstdlib>

/// A property that every input must have; a fuzzer sees the abort.
#define FUZZ_PROPERTY(condition) \
  ((condition) ? void(0) : (std::fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition), std::abort()))
