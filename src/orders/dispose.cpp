#include <string>

#include "sluice/orders/answer.hpp"

namespace sluice::orders {

namespace {

using text::Word;

std::string as_it_came(const RowAnswer& row) {
  return row.status ? std::to_string(*row.status) : row.status_text;
}

RowVerdict overlap(const Service& table, const StatusSpec& spec, const RowAnswer& row, RowHistory history) {
  if (history.internal_error && history.hold) return {Verdict::in_doubt, {table.overlap_on_hold, {as_it_came(row)}}};
  if (history.maybe_applied || history.internal_error)
    return {Verdict::accepted_earlier, {table.overlap_is_ours, {as_it_came(row)}}};
  return {Verdict::refused, {spec.words, {}}};
}

RowVerdict refused(bool own_success_explains, text::Message message, const RowAnswer& row, RowHistory history) {
  if (history.maybe_applied && own_success_explains)
    return {Verdict::in_doubt, {Word::doubt_own_success, {as_it_came(row)}}};
  return {Verdict::refused, std::move(message)};
}

}  // namespace

RowVerdict dispose(std::optional<ServiceId> id, const RowAnswer& row, RowHistory history) {
  if (!row.status && row.status_text.empty()) return {Verdict::in_doubt, {Word::status_absent, {}}};
  const Service& table = service(id);
  const StatusSpec* spec = row.status ? find_status(table, *row.status) : nullptr;
  // What the pages don't know may mean anything, our own success included.
  if (!spec) return refused(true, {Word::status_unknown, {as_it_came(row)}}, row, history);
  switch (spec->disposition) {
    case Disposition::accepted:
      return {Verdict::accepted, {spec->words, {}}};
    case Disposition::retry_later:
      return {Verdict::retry_later, {spec->words, {}}};
    case Disposition::overlap:
      return overlap(table, *spec, row, history);
    case Disposition::refused:
      break;
  }
  return refused(spec->own_success_explains, {spec->words, {}}, row, history);
}

}  // namespace sluice::orders
