#include "field_rules.hpp"

#include <algorithm>
#include <array>

#include "sluice/base/check.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::orders {

namespace {

constexpr std::array<KindRule, 8> kRules{{
    {FieldKind::id, normalise_id, nullptr, false, true, true},
    {FieldKind::douyin_id, normalise_douyin_id, nullptr, false, true, true},
    {FieldKind::nickname, normalise_nickname, nullptr, false, false, true},
    {FieldKind::isp, normalise_isp, nullptr, false, false, true},
    {FieldKind::province, normalise_province, nullptr, false, false, true},
    {FieldKind::boolean, normalise_boolean, nullptr, true, false, false},
    {FieldKind::end_month, normalise_end_month, end_month_still_good, false, false, true},
    {FieldKind::execute_date, normalise_execute_date, execute_date_still_good, false, false, true},
}};

}  // namespace

const KindRule& rule_of(FieldKind kind) {
  const auto found = std::ranges::find(kRules, kind, &KindRule::kind);
  SLUICE_CHECK(found != kRules.end(), "a kind of field without a rule");
  return *found;
}

text::Message about(text::Word word, const FieldInput& in, std::vector<std::string> more) {
  text::Message message{word, {text::shown(in.column), text::shown(in.text)}};
  message.args.insert(message.args.end(), more.begin(), more.end());
  return message;
}

}  // namespace sluice::orders
