#pragma once

namespace sluice::detail {
[[noreturn]] void check_failed(const char* what, const char* file, int line, const char* words) noexcept;
}

/// Our own bug: says so on stderr and aborts. Stays on in release builds, because an order sent on a wrong assumption
/// costs more than a daemon that stops.
#define SLUICE_CHECK(condition, words) \
  ((condition) ? void(0) : ::sluice::detail::check_failed(#condition, __FILE__, __LINE__, words))
