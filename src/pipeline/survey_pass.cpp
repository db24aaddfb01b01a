#include "survey_pass.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "sluice/records/earlier_result.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

using ports::Task;
using text::Message;
using text::Word;

constexpr std::size_t kChunk = 256 * 1024;
constexpr auto kTurn = std::chrono::milliseconds(4);
constexpr std::size_t kFirstObjects = 100;

std::unexpected<PassEnd> ended(Error error) {
  return std::unexpected(PassEnd{.why = PassEnd::Why::error, .reason = {}, .columns = {}, .error = std::move(error)});
}

std::unexpected<PassEnd> ended(const Message& reason) {
  return std::unexpected(PassEnd{.why = PassEnd::Why::rejected, .reason = text::both(reason), .columns = {}});
}

std::unexpected<PassEnd> ended(const records::Fault& fault) {
  auto end = ended(fault.message);
  if (fault.undecodable) end.error().why = PassEnd::Why::undecodable;
  end.error().offset = fault.offset;
  return end;
}

/// Says that an earlier job placed this row's order; no failures file holds such a row. What is in doubt is left to the
/// memory of orders in doubt: its file may come again once that is resolved.
bool speaks_of_a_placed_order(records::Outcome outcome) {
  return !records::belongs_in_failures(outcome) && outcome != records::Outcome::in_doubt;
}

}  // namespace

std::expected<OrderReading, Message> SurveyPass::reading_of(const records::Format& format, const std::string& head,
                                                            bool whole) {
  std::vector<std::vector<std::string>> objects;
  if (format.shape != records::Shape::delimited) {
    records::Reader reader(format);
    records::Record record;
    reader.feed(head, whole);
    while (objects.size() < kFirstObjects) {
      const auto step = reader.next(record);
      if (!step || *step != records::Reader::Step::record) break;
      objects.push_back(record.names);
    }
  }
  return OrderReading::of(format, objects, service_);
}

void SurveyPass::settle(const records::RowRef& ref, std::uint64_t line, records::Outcome outcome,
                        std::span<const Message> messages, const OrderReading& reading) {
  records::RowResult result;
  result.row = ref.row;
  result.outcome = outcome;
  const auto lang = limits_.lang.value_or(reading.lang());
  auto message = text::say_all(lang, messages);
  if (records::belongs_in_failures(outcome)) {
    message = text::with(lang, std::move(message), {orders::service(reading.service()).undone, {}});
  }
  guard_->settled(ref, outcome, message.size());
  result.message = std::move(message);
  result.at = judged_at_;
  sink_.settled(line, result);
}

bool SurveyPass::settle_doubtful(const Row& row, const OrderReading& reading) {
  const auto why = doubts_.why_not(row.judged->order, judged_at_);
  if (!why) return false;
  settle(row.ref, row.line, why->outcome, {&why->why, 1}, reading);
  return true;
}

Task<Result<bool>> SurveyPass::is_same(std::uint64_t earlier, OrderReading& reading) {
  auto raw = co_await earlier_rows_.raw(index_->ref(earlier));
  if (!raw) co_return std::unexpected(raw.error());
  const auto again = records::read_again(format_, *raw);
  if (!again) co_return fail(ErrorKind::changed, text::words::changed_while_read());
  const auto judged = reading.judge(*again, {.now = judged_at_, .damaged = &damaged_});
  co_return judged && judged->order == before().judged->order;
}

/// A row over several lines: rejected where one of these, alone, is an order that would vanish.
Task<std::expected<void, PassEnd>> SurveyPass::judge_lines(const records::Record& record, OrderReading& reading) {
  const auto raw = co_await file_.read_at(record.ref.offset, record.ref.length);
  if (!raw) co_return ended(raw.error());
  const auto is_order = [&](const records::Record& line) { return reading.judge(line, context()).has_value(); };
  if (const auto fault = records::swallowed_rows(format_, *raw, record.line, is_order)) co_return ended(*fault);
  co_return std::expected<void, PassEnd>{};
}

std::expected<void, PassEnd> SurveyPass::invalid_row(const records::Record& record, const orders::Faults& faults,
                                                     const OrderReading& reading) {
  const bool delimited = format_.shape == records::Shape::delimited;
  const auto again = delimited ? shapes_->header_again(record) : RowShapes::HeaderAgain::no;
  if (again == RowShapes::HeaderAgain::other)
    return ended(Message{Word::another_header, {std::to_string(record.line)}});
  const Message header{Word::row_is_header, {}};
  const auto why = again == RowShapes::HeaderAgain::same ? std::span(&header, 1) : std::span(faults);
  guard_->invalid(record.line, why);
  settle(record.ref, record.line, records::Outcome::invalid, why, reading);
  return {};
}

/// The first value that is not ASCII, for a person to see whether the encoding was guessed right.
void SurveyPass::take_sample(const records::Record& record) {
  const auto found = std::ranges::find_if(record.cells, [](const auto& cell) { return !text::is_ascii(cell.text); });
  if (found == record.cells.end()) return;
  wants_sample_ = false;
  warnings_.push_back(
      {Word::warn_guessed_gb18030, {std::to_string(record.line), '"' + text::shown(found->text) + '"'}});
}

void SurveyPass::see(const records::Record& record, OrderReading& reading) {
  index_->pass(record.ref, record.line);
  reading.watch(record, watch_);
  shapes_->see(record);
  if (wants_sample_) take_sample(record);
}

void SurveyPass::judge(const records::Record& record, OrderReading& reading) {
  Row& row = this->row();
  row.ref = record.ref;
  row.line = record.line;
  if (auto flaw = shapes_->flaw(record)) {
    row.judged = std::unexpected(orders::Faults{*std::move(flaw)});
  } else {
    row.judged = reading.judge(record, context());
  }
  if (!row.judged) return;
  const auto& order = row.judged->order;
  row.hashes = {.element = siphash(order.element(), key_), .key = siphash(order.key(), key_)};
  index_->foresee(row.hashes.element);
  sink_.foresee(row.hashes.key);
}

bool SurveyPass::accept_before(const OrderReading& reading) {
  if (!std::exchange(one_waits_, false)) return true;
  candidates_ = index_->candidates(before().hashes.element);
  if (!candidates_.empty()) return false;
  accept(before(), reading);
  return true;
}

/// The first of its orders: it is sent, or an earlier job has left it in doubt.
void SurveyPass::accept(const Row& row, const OrderReading& reading) {
  index_->remember(row.hashes.element, row.ref.row);
  if (settle_doubtful(row, reading)) return index_->leave_out(row.ref.row);
  guard_->valid(row.ref);
  sink_.valid(row.ref, row.line, *row.judged, row.hashes);
}

Task<std::expected<void, PassEnd>> SurveyPass::compare_before(OrderReading& reading) {
  for (const auto earlier : candidates_) {
    const auto same = co_await is_same(earlier, reading);
    if (!same) co_return ended(same.error());
    if (!*same) continue;
    const bool lines = format_.shape == records::Shape::delimited;
    const Message message{lines ? Word::same_order_as : Word::same_order_as_in_json,
                          {std::to_string(index_->line(earlier))}};
    settle(before().ref, before().line, records::Outcome::duplicate, {&message, 1}, reading);
    co_return std::expected<void, PassEnd>{};
  }
  accept(before(), reading);
  co_return std::expected<void, PassEnd>{};
}

std::expected<void, PassEnd> SurveyPass::settle_or_wait(const records::Record& record, const OrderReading& reading) {
  if (!row().judged) return invalid_row(record, row().judged.error(), reading);
  one_waits_ = true;
  at_ = 1 - at_;
  return {};
}

std::optional<PassEnd> SurveyPass::judge_columns(const OrderReading& reading) const {
  const auto service = reading.settled_service();
  if (!service) return ended(service.error()).error();
  if (*service != reading.service()) {
    if (service_) return ended({ErrorKind::changed, text::words::changed_while_read()}).error();
    return PassEnd{.why = PassEnd::Why::other_service, .reason = {}, .columns = {}, .service = *service};
  }
  if (shapes_->turned_out_ragged()) return PassEnd{.why = PassEnd::Why::ragged, .reason = {}, .columns = {}};
  if (!damaged_.empty()) return std::nullopt;
  auto damaged = watch_.damaged();
  if (damaged.empty()) return std::nullopt;
  return PassEnd{.why = PassEnd::Why::damaged, .reason = {}, .columns = std::move(damaged)};
}

/// The sink hears from us every few milliseconds, whatever it is that takes long: many rows, large ones, or a slow
/// disk.
Task<std::expected<void, PassEnd>> SurveyPass::take_turn() {
  if (clock_.now() < turn_ends_) co_return std::expected<void, PassEnd>{};
  if (auto done = co_await sink_.breathe(); !done) co_return ended(done.error());
  turn_ends_ = clock_.now() + kTurn;
  co_return std::expected<void, PassEnd>{};
}

Task<std::expected<void, PassEnd>> SurveyPass::settle_last(OrderReading& reading) {
  if (!accept_before(reading))
    if (auto done = co_await compare_before(reading); !done) co_return done;
  if (const auto why = guard_->too_much()) co_return ended(*why);
  co_return std::expected<void, PassEnd>{};
}

/// How many rows there are.
Task<std::expected<std::uint64_t, PassEnd>> SurveyPass::read_rows(records::Reader& reader, OrderReading& reading) {
  const records::EarlierResult earlier(format_);
  records::Record record;
  std::uint64_t rows = 0;
  std::uint64_t offset = 0;
  turn_ends_ = clock_.now() + kTurn;
  while (true) {
    const auto step = reader.next(record);
    if (!step) co_return ended(step.error());
    if (*step == records::Reader::Step::need_more) {
      auto chunk = co_await file_.read_at(offset, kChunk);
      if (!chunk) co_return ended(chunk.error());
      offset += chunk->size();
      reader.feed(*chunk, offset >= identity_.size || chunk->empty());
      if (auto done = co_await take_turn(); !done) co_return std::unexpected(std::move(done.error()));
      continue;
    }
    if (*step == records::Reader::Step::end) {
      if (auto done = co_await settle_last(reading); !done) co_return std::unexpected(std::move(done.error()));
      co_return rows;
    }
    ++rows;
    if (const auto outcome = earlier.of(record); outcome && speaks_of_a_placed_order(*outcome)) ++placed_before_;
    see(record, reading);
    bool plain = !record.spans_lines;
    if (!plain)
      if (auto sound = co_await judge_lines(record, reading); !sound) co_return std::unexpected(sound.error());
    judge(record, reading);
    if (!accept_before(reading)) {
      plain = false;
      if (auto done = co_await compare_before(reading); !done) co_return std::unexpected(std::move(done.error()));
    }
    if (auto done = settle_or_wait(record, reading); !done) co_return std::unexpected(std::move(done.error()));
    if (const auto why = guard_->too_much()) co_return ended(*why);
    if (plain && rows % 64 != 0) continue;
    if (auto done = co_await take_turn(); !done) co_return std::unexpected(std::move(done.error()));
  }
}

Task<PassResult> SurveyPass::run(std::string head, bool whole, text::Encoding encoding, bool guessed) {
  auto before = co_await file_.identity();
  if (!before) co_return ended(before.error());
  identity_ = *before;
  auto format =
      records::sniff(head, whole, encoding, {.wrappers = orders::wrappers(), .is_column = orders::names_a_field});
  if (!format) co_return ended(format.error());
  format_ = *format;
  shapes_.emplace(format_, ragged_);
  guard_.emplace(limits_, format_, identity_.size);
  auto reading = reading_of(format_, head, whole);
  if (!reading) co_return ended(reading.error());
  const auto lang = reading->lang();
  wants_sample_ = guessed && lang == text::Lang::en;
  if (auto ready = co_await sink_.begin(format_, *reading); !ready) co_return ended(ready.error());

  records::Reader reader(format_);
  const auto rows = co_await read_rows(reader, *reading);
  if (!rows) co_return std::unexpected(rows.error());
  if (auto end = judge_columns(*reading)) co_return std::unexpected(*std::move(end));
  if (const auto why = guard_->hopeless()) co_return ended(*why);
  if (auto done = co_await sink_.breathe(); !done) co_return ended(done.error());
  const auto after = co_await file_.identity();
  if (!after) co_return ended(after.error());
  if (*after != identity_) co_return ended({ErrorKind::changed, text::words::changed_while_read()});
  if (placed_before_ > 0) warnings_.push_back({Word::own_results_file, {std::to_string(placed_before_)}});
  std::ranges::move(watch_.warnings(), std::back_inserter(warnings_));
  co_return Surveyed{.format = format_,
                     .service = reading->service(),
                     .names = reading->names_taken(),
                     .lang = lang,
                     .ascii = reader.ascii(),
                     .rows = *rows,
                     .output_bytes = guard_->output_bytes(),
                     .warnings = std::move(warnings_),
                     .orders = std::move(index_),
                     .file = identity_};
}

}  // namespace sluice::pipeline
