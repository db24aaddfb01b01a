#include "sluice/base/check.hpp"

#include <cstdio>
#include <cstdlib>

namespace sluice::detail {

void check_failed(const char* what, const char* file, int line, const char* words) noexcept {
  std::fprintf(stderr, "sluice: bug: %s (%s) at %s:%d. Nothing new was sent; please report this line.\n", words, what,
               file, line);
  std::abort();
}

}  // namespace sluice::detail
