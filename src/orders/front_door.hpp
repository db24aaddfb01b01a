#pragma once

#include <optional>

#include "envelope.hpp"
#include "sluice/orders/answer.hpp"

namespace sluice::orders {

/// The class of an answer that was given before the service was reached: its whole message is one of a few sentences
/// and there is no data (docs/api.md, Front doors). Such an answer is a *no*; the same words within a longer message
/// may come from the midst of the work. nullopt: it is no such answer.
std::optional<AnswerClass> front_door(const Envelope& envelope);

}  // namespace sluice::orders
