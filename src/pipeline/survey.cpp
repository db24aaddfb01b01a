#include "sluice/pipeline/survey.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "doubts.hpp"
#include "duplicate_index.hpp"
#include "row_shapes.hpp"
#include "sluice/records/earlier_result.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

namespace {

using ports::Task;
using text::Message;
using text::Word;

constexpr std::size_t kChunk = 256 * 1024;
constexpr auto kTurn = std::chrono::milliseconds(4);
constexpr std::size_t kFirstObjects = 100;
constexpr std::size_t kSurelyUtf8 = 3;  // Chinese characters that read as UTF-8: of 400,000 files in GBK none had three

/// Why a pass over the file ended before its end.
struct Ended {
  enum class Why : std::uint8_t { rejected, undecodable, damaged, other_service, ragged, error } why;
  std::string reason;              ///< rejected, undecodable
  std::uint64_t offset = 0;        ///< undecodable: how far the encoding got
  orders::DamagedColumns columns;  ///< damaged
  orders::ServiceId service{};     ///< other_service
  Error error{ErrorKind::io, ""};
};
using PassResult = std::expected<Surveyed, Ended>;

std::unexpected<Ended> ended(Error error) {
  return std::unexpected(Ended{.why = Ended::Why::error, .reason = {}, .columns = {}, .error = std::move(error)});
}

std::unexpected<Ended> ended(const Message& reason) {
  return std::unexpected(Ended{.why = Ended::Why::rejected, .reason = text::say_in_both(reason), .columns = {}});
}

std::unexpected<Ended> ended(const records::Fault& fault) {
  auto end = ended(fault.message);
  if (fault.undecodable) end.error().why = Ended::Why::undecodable;
  end.error().offset = fault.offset;
  return end;
}

/// Says that an earlier job placed this row's order; no failures file holds such a row. What is in doubt is left to the
/// memory of orders in doubt: its file may come again once that is resolved.
bool speaks_of_a_placed_order(records::Outcome outcome) {
  return !records::belongs_in_failures(outcome) && outcome != records::Outcome::in_doubt;
}

/// What passes before this one found out.
struct Found {
  orders::DamagedColumns damaged;
  std::optional<orders::ServiceId> service;
  bool ragged = false;  ///< only some rows have empty cells beyond the header
};

/// One pass over a file, for one encoding and what is known of it.
class Pass {
 public:
  Pass(ports::ClaimedFile& file, WallTime judged_at, const Doubts& doubts, SurveySink& sink, ports::Clock& clock,
       const Found& found)
      : file_(file),
        judged_at_(judged_at),
        sink_(sink),
        clock_(clock),
        damaged_(found.damaged),
        service_(found.service),
        ragged_(found.ragged),
        doubts_(doubts) {}

  /// `guessed`: nothing but the bytes speaks for the encoding.
  Task<PassResult> run(std::string head, bool whole, text::Encoding encoding, bool guessed);

 private:
  std::expected<OrderReading, Message> reading_of(const records::Format& format, const std::string& head, bool whole);
  /// What shows only when all rows have been read: another service, or none; damaged columns.
  std::optional<Ended> judge_columns(const OrderReading& reading) const;
  Task<std::expected<std::uint64_t, Ended>> read_rows(records::Reader& reader, OrderReading& reading);
  Task<std::expected<void, Ended>> row(const records::Record& record, OrderReading& reading);
  std::expected<void, Ended> invalid_row(const records::Record& record, const orders::Faults& faults, text::Lang lang);
  Task<std::expected<void, Ended>> judge_lines(const records::Record& record, OrderReading& reading);
  void take_sample(const records::Record& record);
  orders::JudgeContext context() const {
    return {.now = judged_at_, .damaged = damaged_.empty() ? nullptr : &damaged_};
  }
  Task<Result<bool>> is_same(std::uint64_t earlier, const orders::Order& order, OrderReading& reading);
  void settle(const records::Record& record, records::Outcome outcome, std::span<const Message> messages,
              text::Lang lang);
  bool settle_doubtful(const records::Record& record, const orders::Order& order, text::Lang lang);

  ports::ClaimedFile& file_;
  WallTime judged_at_;
  SurveySink& sink_;
  ports::Clock& clock_;
  const orders::DamagedColumns& damaged_;
  std::optional<orders::ServiceId> service_;
  bool ragged_;
  const Doubts& doubts_;
  records::Format format_;
  std::optional<RowShapes> shapes_;
  bool wants_sample_ = false;
  std::vector<Message> warnings_;
  std::uint64_t placed_before_ = 0;
  DuplicateIndex index_;
  orders::ColumnWatch watch_;
  ports::FileIdentity identity_;
};

std::expected<OrderReading, Message> Pass::reading_of(const records::Format& format, const std::string& head,
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

void Pass::settle(const records::Record& record, records::Outcome outcome, std::span<const Message> messages,
                  text::Lang lang) {
  records::RowResult result;
  result.row = record.ref.row;
  result.outcome = outcome;
  result.message = text::say_all(lang, messages);
  result.at = judged_at_;
  sink_.settled(record.line, result);
}

bool Pass::settle_doubtful(const records::Record& record, const orders::Order& order, text::Lang lang) {
  const auto why = doubts_.why_not(order, judged_at_);
  if (!why) return false;
  settle(record, why->outcome, {&why->why, 1}, lang);
  return true;
}

Task<Result<bool>> Pass::is_same(std::uint64_t earlier, const orders::Order& order, OrderReading& reading) {
  auto raw = co_await file_.read_at(index_.ref(earlier).offset, index_.ref(earlier).length);
  if (!raw) co_return std::unexpected(raw.error());
  const auto again = records::read_again(format_, *raw);
  if (!again) co_return fail(ErrorKind::changed, "the file was changed while it was read");
  const auto judged = reading.judge(*again, {.now = judged_at_, .damaged = &damaged_});
  co_return judged && judged->order == order;
}

/// A row over several lines: rejected where one of these, alone, is an order that would vanish.
Task<std::expected<void, Ended>> Pass::judge_lines(const records::Record& record, OrderReading& reading) {
  const auto raw = co_await file_.read_at(record.ref.offset, record.ref.length);
  if (!raw) co_return ended(raw.error());
  const auto is_order = [&](const records::Record& line) { return reading.judge(line, context()).has_value(); };
  if (const auto fault = records::swallowed_rows(format_, *raw, record.line, is_order)) co_return ended(*fault);
  co_return std::expected<void, Ended>{};
}

std::expected<void, Ended> Pass::invalid_row(const records::Record& record, const orders::Faults& faults,
                                             text::Lang lang) {
  const bool delimited = format_.shape == records::Shape::delimited;
  const auto again = delimited ? shapes_->header_again(record) : RowShapes::HeaderAgain::no;
  if (again == RowShapes::HeaderAgain::other)
    return ended(Message{Word::another_header, {std::to_string(record.line)}});
  const Message header{Word::row_is_header, {}};
  settle(record, records::Outcome::invalid,
         again == RowShapes::HeaderAgain::same ? std::span(&header, 1) : std::span(faults), lang);
  return {};
}

/// The first value that is not ASCII, for a person to see whether the encoding was guessed right.
void Pass::take_sample(const records::Record& record) {
  const auto found = std::ranges::find_if(record.cells, [](const auto& cell) { return !text::is_ascii(cell.text); });
  if (found == record.cells.end()) return;
  wants_sample_ = false;
  warnings_.push_back(
      {Word::warn_guessed_gb18030, {std::to_string(record.line), '"' + text::shown(found->text) + '"'}});
}

Task<std::expected<void, Ended>> Pass::row(const records::Record& record, OrderReading& reading) {
  index_.pass(record.ref, record.line);
  reading.watch(record, watch_);
  shapes_->see(record);
  if (wants_sample_) take_sample(record);
  if (record.spans_lines)
    if (auto sound = co_await judge_lines(record, reading); !sound) co_return sound;
  if (const auto flaw = shapes_->flaw(record)) co_return invalid_row(record, {*flaw}, reading.lang());
  const auto judged = reading.judge(record, context());
  if (!judged) co_return invalid_row(record, judged.error(), reading.lang());
  const auto hash = judged->order.hash();
  for (const auto earlier : index_.candidates(hash)) {
    const auto same = co_await is_same(earlier, judged->order, reading);
    if (!same) co_return ended(same.error());
    if (!*same) continue;
    const bool lines = format_.shape == records::Shape::delimited;
    const Message message{lines ? Word::same_order_as : Word::same_order_as_in_json,
                          {std::to_string(index_.line(earlier))}};
    settle(record, records::Outcome::duplicate, {&message, 1}, reading.lang());
    co_return std::expected<void, Ended>{};
  }
  index_.remember(hash, record.ref.row);
  if (!settle_doubtful(record, judged->order, reading.lang())) sink_.valid(record.ref, record.line, *judged);
  co_return std::expected<void, Ended>{};
}

std::optional<Ended> Pass::judge_columns(const OrderReading& reading) const {
  const auto service = reading.settled_service();
  if (!service) return ended(service.error()).error();
  if (*service != reading.service()) {
    if (service_) return ended({ErrorKind::changed, "the file was changed while it was read"}).error();
    return Ended{.why = Ended::Why::other_service, .reason = {}, .columns = {}, .service = *service};
  }
  if (shapes_->turned_out_ragged()) return Ended{.why = Ended::Why::ragged, .reason = {}, .columns = {}};
  if (!damaged_.empty()) return std::nullopt;
  auto damaged = watch_.damaged();
  if (damaged.empty()) return std::nullopt;
  return Ended{.why = Ended::Why::damaged, .reason = {}, .columns = std::move(damaged)};
}

/// How many rows there are.
Task<std::expected<std::uint64_t, Ended>> Pass::read_rows(records::Reader& reader, OrderReading& reading) {
  const records::EarlierResult earlier(format_);
  records::Record record;
  std::uint64_t rows = 0;
  std::uint64_t offset = 0;
  auto turn_ends = clock_.now() + kTurn;
  while (true) {
    const auto step = reader.next(record);
    if (!step) co_return ended(step.error());
    if (*step == records::Reader::Step::end) co_return rows;
    if (*step == records::Reader::Step::need_more) {
      auto chunk = co_await file_.read_at(offset, kChunk);
      if (!chunk) co_return ended(chunk.error());
      offset += chunk->size();
      reader.feed(*chunk, offset >= identity_.size || chunk->empty());
      continue;
    }
    ++rows;
    if (const auto outcome = earlier.of(record); outcome && speaks_of_a_placed_order(*outcome)) ++placed_before_;
    if (auto done = co_await row(record, reading); !done) co_return std::unexpected(std::move(done.error()));
    if (rows % 64 == 0 && clock_.now() >= turn_ends) {
      if (auto done = co_await sink_.breathe(); !done) co_return ended(done.error());
      turn_ends = clock_.now() + kTurn;
    }
  }
}

Task<PassResult> Pass::run(std::string head, bool whole, text::Encoding encoding, bool guessed) {
  auto before = co_await file_.identity();
  if (!before) co_return ended(before.error());
  identity_ = *before;
  auto format =
      records::sniff(head, whole, encoding, {.wrappers = orders::wrappers(), .is_column = orders::names_a_field});
  if (!format) co_return ended(format.error());
  format_ = *format;
  shapes_.emplace(format_, ragged_);
  auto reading = reading_of(format_, head, whole);
  if (!reading) co_return ended(reading.error());
  const auto lang = reading->lang();
  wants_sample_ = guessed && lang == text::Lang::en;
  if (auto ready = co_await sink_.begin(format_, *reading); !ready) co_return ended(ready.error());

  records::Reader reader(format_);
  const auto rows = co_await read_rows(reader, *reading);
  if (!rows) co_return std::unexpected(rows.error());
  if (auto end = judge_columns(*reading)) co_return std::unexpected(*std::move(end));
  if (auto done = co_await sink_.breathe(); !done) co_return ended(done.error());
  const auto after = co_await file_.identity();
  if (!after) co_return ended(after.error());
  if (*after != identity_) co_return ended({ErrorKind::changed, "the file was changed while it was read"});
  if (placed_before_ > 0) warnings_.push_back({Word::own_results_file, {std::to_string(placed_before_)}});
  std::ranges::move(watch_.warnings(), std::back_inserter(warnings_));
  co_return Surveyed{.format = format_,
                     .service = reading->service(),
                     .names = reading->names_taken(),
                     .lang = lang,
                     .ascii = reader.ascii(),
                     .rows = *rows,
                     .warnings = std::move(warnings_),
                     .file = identity_};
}

}  // namespace

void take_survey(const Surveyed& surveyed, ports::JobHeader& header) {
  header.file = surveyed.file;
  header.service = surveyed.service;
  header.format = records::to_ledger(surveyed.format);
  header.names = surveyed.names;
  header.ascii = surveyed.ascii;
  header.lang = surveyed.lang;
  header.rows = surveyed.rows;
}

Task<Result<std::variant<Surveyed, Rejected>>> survey(ports::ClaimedFile& file, WallTime judged_at,
                                                      std::vector<ports::Doubt> doubts, SurveySink& sink,
                                                      ports::Clock& clock) {
  using Verdict = std::variant<Surveyed, Rejected>;
  const Doubts in_doubt(std::move(doubts));
  auto head = co_await file.read_at(0, records::kSniffBytes);
  if (!head) co_return std::unexpected(head.error());
  const bool whole = head->size() < records::kSniffBytes;
  const auto bom = text::detect_bom(*head);
  std::vector<text::Encoding> encodings = {text::Encoding::utf8, text::Encoding::gb18030};
  if (bom) encodings = {bom->encoding};
  if (!bom && text::chinese_before_fault(*head) >= kSurelyUtf8) encodings = {text::Encoding::utf8};
  std::string reason;  // of the encoding that got furthest
  std::uint64_t furthest = 0;
  for (const auto encoding : encodings) {
    Found found;
    while (true) {
      Pass pass(file, judged_at, in_doubt, sink, clock, found);
      auto result = co_await pass.run(*head, whole, encoding, !bom && encoding != text::Encoding::utf8);
      if (result) co_return Verdict{std::move(*result)};
      auto& end = result.error();
      if (end.why == Ended::Why::error) co_return std::unexpected(std::move(end.error));
      if (end.why == Ended::Why::rejected) co_return Verdict{Rejected{std::move(end.reason)}};
      if (end.why == Ended::Why::undecodable) {
        if (reason.empty() || end.offset > furthest) reason = std::move(end.reason);
        furthest = std::max(furthest, end.offset);
        break;
      }
      if (end.why == Ended::Why::other_service) found.service = end.service;
      if (end.why == Ended::Why::ragged) found.ragged = true;
      if (end.why == Ended::Why::damaged) found.damaged = std::move(end.columns);
    }
  }
  co_return Verdict{Rejected{std::move(reason)}};
}

}  // namespace sluice::pipeline
