#pragma once

#include "envelope.hpp"
#include "pairing.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

/// docs/api.md, "What each answer means". `waits`: a readable Retry-After is there.
AnswerClass classify(const HttpReply& reply, const Envelope& envelope, const Paired& paired, bool waits);

}  // namespace sluice::orders
