#pragma once

#include <span>
#include <string_view>

#include "field_rules.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

/// The canonical value of one that is written in the commonest way (KindRule::plain); empty: it is to be judged with
/// care, or there is none.
std::string_view plain_value(std::size_t field, const KindRule& rule, const Value& value, const JudgeContext& context,
                             LastValues* last);

/// The order of a row of nothing but such values, and of empty ones where there need be none: what judging it with care
/// comes to. False: it is to be judged so. `last` is for the context's moment, `order` a new one.
bool plain_row(const Mapping& mapping, std::span<const Value> values, const JudgeContext& context, LastValues& last,
               Order& order);

}  // namespace sluice::orders
