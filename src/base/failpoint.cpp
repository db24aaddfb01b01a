#include "sluice/base/failpoint.hpp"

#include <atomic>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "sluice/base/check.hpp"

namespace sluice::detail {
namespace {

struct Armed {
  std::string_view name;
  std::int64_t hit = 1;
};

// A wrong setting aborts: a kill that never comes would make a crash test pass for nothing.
Armed parse(const char* setting) {
  if (setting == nullptr) return {};
  Armed armed{.name = setting};
  const auto colon = armed.name.rfind(':');
  if (colon == std::string_view::npos) return armed;
  const std::string_view count = armed.name.substr(colon + 1);
  armed.name = armed.name.substr(0, colon);
  const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), armed.hit);
  SLUICE_CHECK(error == std::errc{} && end == count.data() + count.size() && armed.hit > 0,
               "SLUICE_FAILPOINT must be NAME or NAME:N with N from 1");
  return armed;
}

const Armed armed = parse(std::getenv("SLUICE_FAILPOINT"));  // NOLINT(concurrency-mt-unsafe): before main()
std::atomic<std::int64_t> hits{0};

}  // namespace

const bool failpoints_armed = !armed.name.empty();

void failpoint(const char* name) noexcept {
  if (armed.name == name && hits.fetch_add(1) + 1 == armed.hit) std::raise(SIGKILL);
}

}  // namespace sluice::detail
