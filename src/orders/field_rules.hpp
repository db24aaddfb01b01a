#pragma once

#include <algorithm>
#include <array>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/base/time.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

/// One value of a row, and all that bears on judging it.
struct FieldInput {
  std::string_view column;  ///< as the file spells it
  std::string_view text;
  bool is_number = false;  ///< a JSON number: `text` is its literal
  DamagedIds damaged;      ///< the column's long numbers
  WallTime now;
};

/// The canonical value; nullopt: there is none (empty).
using Normalised = std::expected<std::optional<std::string>, text::Message>;

/// What is particular to a kind of field: one row a kind.
struct KindRule {
  FieldKind kind;
  Normalised (*normalise)(const FieldInput& in, std::vector<text::Message>& warnings);
  /// The canonical value of a text that is written in the commonest way, found without a copy; empty: `normalise` is to
  /// judge it. A value here means that `normalise` would say the same, without a warning, that it is no mark of an
  /// absent one (clean_value.hpp), and that it stands in JSON as it is; all this of a number's literal, too.
  std::string_view (*plain)(std::string_view text, const JudgeContext& context);
  /// Whether a canonical value is still good at `now`; nullptr: time doesn't matter.
  std::optional<text::Message> (*still_good)(std::string_view column, std::string_view value, WallTime now);
  bool takes_boolean;  ///< a JSON true or false
  bool watched;        ///< holds long numbers that spreadsheets damage
  bool quoted;         ///< a JSON string on the wire
  bool few;            ///< a file has few different ones
};
Normalised normalise_id(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_douyin_id(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_nickname(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_isp(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_province(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_boolean(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_end_month(const FieldInput& in, std::vector<text::Message>& warnings);
Normalised normalise_execute_date(const FieldInput& in, std::vector<text::Message>& warnings);

std::string_view plain_id(std::string_view text, const JudgeContext& context);
std::string_view plain_douyin_id(std::string_view text, const JudgeContext& context);
std::string_view plain_nickname(std::string_view text, const JudgeContext& context);
std::string_view plain_isp(std::string_view text, const JudgeContext& context);
std::string_view plain_province(std::string_view text, const JudgeContext& context);
std::string_view plain_boolean(std::string_view text, const JudgeContext& context);
std::string_view plain_end_month(std::string_view text, const JudgeContext& context);
std::string_view plain_execute_date(std::string_view text, const JudgeContext& context);

std::optional<text::Message> end_month_still_good(std::string_view column, std::string_view value, WallTime now);
std::optional<text::Message> execute_date_still_good(std::string_view column, std::string_view value, WallTime now);

inline constexpr std::array<KindRule, 8> kRules{{
    {FieldKind::id, normalise_id, plain_id, nullptr, false, true, true, false},
    {FieldKind::douyin_id, normalise_douyin_id, plain_douyin_id, nullptr, false, true, true, false},
    {FieldKind::nickname, normalise_nickname, plain_nickname, nullptr, false, false, true, false},
    {FieldKind::isp, normalise_isp, plain_isp, nullptr, false, false, true, true},
    {FieldKind::province, normalise_province, plain_province, nullptr, false, false, true, true},
    {FieldKind::boolean, normalise_boolean, plain_boolean, nullptr, true, false, false, true},
    {FieldKind::end_month, normalise_end_month, plain_end_month, end_month_still_good, false, false, true, true},
    {FieldKind::execute_date, normalise_execute_date, plain_execute_date, execute_date_still_good, false, false, true,
     true},
}};
static_assert(std::ranges::is_sorted(kRules, {}, &KindRule::kind) &&
              std::to_underlying(kRules.back().kind) + 1U == kRules.size());
constexpr const KindRule& rule_of(FieldKind kind) {
  return kRules[std::to_underlying(kind)];
}

/// A sentence about a value: its column and what it says, as they may be shown.
text::Message about(text::Word word, const FieldInput& in, std::vector<std::string> more = {});

}  // namespace sluice::orders
