#include "sluice/records/earlier_result.hpp"

#include <algorithm>
#include <string>

#include "json_members.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::records {
namespace {

constexpr std::string_view kResult = kResultColumns.front();  // JSON: the member that holds the others

std::optional<Outcome> outcome_named(std::string_view written) {
  for (std::size_t i = 1; i < kOutcomes; ++i)
    if (name(Outcome(i)) == text::trim(written)) return Outcome(i);
  return std::nullopt;
}

/// Of a "result" that is an object with all the members that result_member() writes.
std::optional<Outcome> outcome_in(std::string_view object) {
  std::vector<JsonMember> members;
  find_members(object, members);
  const auto find = [&](std::string_view wanted) {
    return std::ranges::find_if(members, [&](const JsonMember& member) {
      return unescaped(object.substr(member.name_begin, member.name_end - member.name_begin)) == wanted;
    });
  };
  for (const auto column : kFirstResultColumns)
    if (column != kResult && find(column.substr(kResult.size() + 1)) == members.end()) return std::nullopt;
  const auto outcome = find("outcome");
  if (outcome == members.end() || object[outcome->value_begin] != '"') return std::nullopt;
  return outcome_named(unescaped(object.substr(outcome->value_begin, outcome->value_end - outcome->value_begin)));
}

}  // namespace

EarlierResult::EarlierResult(const Format& format) : delimited_(format.shape == Shape::delimited) {
  const auto place = [&](std::string_view column) { return std::ranges::find(format.header, column); };
  const auto there = [&](std::string_view column) { return place(column) != format.header.end(); };
  if (!std::ranges::all_of(kFirstResultColumns, there)) return;
  column_ = static_cast<std::size_t>(place(kResult) - format.header.begin());
}

std::optional<Outcome> EarlierResult::of(const Record& record) const {
  if (delimited_) return column_ ? outcome_named(record.cells[*column_].text) : std::nullopt;
  const auto member = std::ranges::find(record.names, kResult);
  if (member == record.names.end()) return std::nullopt;
  const auto& cell = record.cells[static_cast<std::size_t>(member - record.names.begin())];
  return cell.kind == CellKind::nested && cell.text.starts_with('{') ? outcome_in(cell.text) : std::nullopt;
}

}  // namespace sluice::records
