#pragma once

#include <chrono>
#include <cstddef>

#include "sluice/base/time.hpp"

// Every bound of the upstream that is no setting. Those that are: upstream.connect_timeout and response_timeout.
namespace sluice::adapters::upstream {

inline constexpr std::size_t kMostAnswerBytes = 4 * 1024 * 1024;  ///< of a body; an answer to a batch takes some KiB
inline constexpr std::size_t kMostHeadBytes = 64 * 1024;
inline constexpr std::size_t kReadBytes = 16 * 1024;
inline constexpr std::size_t kMostCredentialBytes = 16 * 1024;  ///< of a header that servers still take

/// docs/api.md, Limiters met in practice: a kept-alive connection is reused only within this time of idleness.
inline constexpr Nanos kMostIdle = std::chrono::seconds(4);
/// Subtracted from the server's Keep-Alive timeout, to allow for latency.
inline constexpr Nanos kKeepAliveMargin = std::chrono::seconds(1);

}  // namespace sluice::adapters::upstream
