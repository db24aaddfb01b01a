#pragma once

#include "envelope.hpp"
#include "pairing.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

/// Whether all of the body is there, and can be read.
inline bool is_whole(const HttpReply& reply) {
  return !reply.truncated && reply.flaw.empty();
}

/// A POST's answer that a cache gave says nothing of this request.
bool came_from_a_cache(const HttpReply& reply);

/// docs/api.md, "What each answer means". `waits`: a readable Retry-After is there.
AnswerClass classify(const HttpReply& reply, const Envelope& envelope, const Paired& paired, bool waits);

}  // namespace sluice::orders
