#pragma once

#include <string>
#include <string_view>

#include "envelope.hpp"
#include "pairing.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

/// What came, for people: status, code and msg; where nothing usable came, what came instead. Of a body that is no
/// envelope nothing but a page's title is repeated: it may hold anything.
std::string words_of(const HttpReply& reply, const Envelope& envelope, const Paired& paired);

/// A peer's words without what may be a credential that it echoes: what follows "Bearer" or "Basic", and long runs of
/// token characters. Numbers, names of classes and codes in capitals stay.
std::string redacted(std::string_view words);

}  // namespace sluice::orders
