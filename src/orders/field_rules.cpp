#include "field_rules.hpp"

#include <array>
#include <utility>

#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

constexpr std::array<KindRule, 8> kRules{{
    {FieldKind::id, normalise_id, plain_id, nullptr, false, true, true},
    {FieldKind::douyin_id, normalise_douyin_id, plain_douyin_id, nullptr, false, true, true},
    {FieldKind::nickname, normalise_nickname, plain_nickname, nullptr, false, false, true},
    {FieldKind::isp, normalise_isp, plain_isp, nullptr, false, false, true},
    {FieldKind::province, normalise_province, plain_province, nullptr, false, false, true},
    {FieldKind::boolean, normalise_boolean, plain_boolean, nullptr, true, false, false},
    {FieldKind::end_month, normalise_end_month, plain_end_month, end_month_still_good, false, false, true},
    {FieldKind::execute_date, normalise_execute_date, nullptr, execute_date_still_good, false, false, true},
}};

constexpr bool in_the_order_of_their_kinds() {
  for (std::size_t i = 0; i < kRules.size(); ++i)
    if (std::to_underlying(kRules[i].kind) != i) return false;
  return true;
}
static_assert(in_the_order_of_their_kinds());

}  // namespace

const KindRule& rule_of(FieldKind kind) {
  return kRules.at(std::to_underlying(kind));
}

text::Message about(text::Word word, const FieldInput& in, std::vector<std::string> more) {
  text::Message message{word, {text::shown(in.column), text::shown(in.text)}};
  message.args.insert(message.args.end(), more.begin(), more.end());
  return message;
}

}  // namespace sluice::orders
