#include <string>
#include <utility>

#include "sluice/orders/answer.hpp"

namespace sluice::orders {

namespace {

using text::Lang;
using text::Message;
using text::Word;

std::string as_it_came(const RowAnswer& row) {
  return row.status ? std::to_string(*row.status) : row.status_text;
}

Message after_no(const RowAnswer& row, const RowHistory& history) {
  return {Word::doubt_after_no, {as_it_came(row), std::string(history.said_no)}};
}

/// After a lost answer the first order may have been made as well, where the API does not see that they overlap.
RowVerdict accepted(const StatusSpec& spec, const RowHistory& history) {
  if (!history.maybe_applied) return {Verdict::accepted, {spec.words, {}}};
  const auto words = [&](Lang lang) { return text::say(lang, {spec.words, {}}); };
  return {Verdict::accepted, {Word::accepted_after_doubt, {words(Lang::en), words(Lang::zh)}}};
}

RowVerdict overlap(const Service& table, const StatusSpec& spec, const RowAnswer& row, const RowHistory& history) {
  if (history.internal_error && history.hold) return {Verdict::in_doubt, {table.overlap_on_hold, {as_it_came(row)}}};
  if (history.maybe_applied || history.internal_error)
    return {Verdict::accepted_earlier, {table.overlap_is_ours, {as_it_came(row)}}};
  if (!history.said_no.empty()) return {Verdict::in_doubt, after_no(row, history)};
  return {Verdict::refused, {spec.words, {}}};
}

RowVerdict refused(const StatusSpec& spec, const RowAnswer& row, const RowHistory& history) {
  if (spec.own_success_explains && history.maybe_applied)
    return {Verdict::in_doubt, {Word::doubt_own_success, {as_it_came(row)}}};
  if (spec.own_success_explains && !history.said_no.empty()) return {Verdict::in_doubt, after_no(row, history)};
  return {Verdict::refused, {spec.words, {}}};
}

}  // namespace

RowVerdict dispose(std::optional<ServiceId> id, const RowAnswer& row, RowHistory history) {
  const Service& table = service(id);
  const StatusSpec* spec = row.status ? find_status(table, *row.status) : nullptr;
  // What the pages don't know may mean anything, a success included.
  if (!spec) return {Verdict::in_doubt, {Word::status_unknown, {as_it_came(row)}}};
  switch (spec->disposition) {
    case Disposition::accepted:
      return accepted(*spec, history);
    case Disposition::retry_later:
      return {Verdict::retry_later, {spec->words, {}}};
    case Disposition::overlap:
      return overlap(table, *spec, row, history);
    case Disposition::refused:
      break;
  }
  return refused(*spec, row, history);
}

}  // namespace sluice::orders
