#pragma once

#include <chrono>
#include <cstddef>

#include "sluice/base/time.hpp"

// Every bound of the upstream that is no setting. Those that are: upstream.connect_timeout and response_timeout.
namespace sluice::adapters::upstream {

/// How much of an answer is read before the connection is dropped; an answer to a batch takes some KiB.
struct AnswerLimits {
  std::size_t body = 4 * 1024 * 1024;
  std::size_t all = 8 * 1024 * 1024;  ///< heads, interim answers, extensions and trailers too
};
inline constexpr std::size_t kMostHeadBytes = 64 * 1024;
inline constexpr std::size_t kReadBytes = 16 * 1024;
inline constexpr std::size_t kMostCredentialBytes = 16 * 1024;  ///< of a header that servers still take

/// docs/api.md, Addresses: how long the last address tried has before the next one is tried too (RFC 8305, 8).
inline constexpr std::chrono::milliseconds kAddressHeadStart{250};

/// docs/api.md, Limiters met in practice: a kept-alive connection is reused only within this time of idleness.
inline constexpr Nanos kMostIdle = std::chrono::seconds(4);
/// Subtracted from the server's Keep-Alive timeout, to allow for latency.
inline constexpr Nanos kKeepAliveMargin = std::chrono::seconds(1);

}  // namespace sluice::adapters::upstream
