#include "finish.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "placed_rows.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/base/rfc3339.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/records/writer.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/jobs.hpp"

namespace sluice::pipeline {

namespace {

constexpr std::size_t kLongestName = 255;  // of a file, in bytes (Linux, NAME_MAX)

using ports::OutputKind;
using ports::Task;
using records::Outcome;

constexpr std::size_t kChunk = 256 * 1024;
constexpr std::size_t kRowRoom = 256;  // more than most rows' results take
constexpr std::size_t kPage = 1000;
constexpr auto kTurn = std::chrono::milliseconds(4);

/// One output being written: created with its first row, so that an empty one never exists.
class Draft {
 public:
  Draft(OutputKind kind, const Job& job, ports::Spool& spool)
      : kind_(kind),
        job_(job.id()),
        spool_(spool),
        writer_(job.format, kind == OutputKind::results, job.header.ascii, job.lang()),
        room_(std::min(kChunk + kRowRoom, job.header.file.size + job.header.rows * kRowRoom)) {}

  void row(const std::string& head, const records::Record& record, std::string_view raw, std::string_view gap,
           const records::RowResult& result) {
    if (pending_.empty()) pending_.reserve(room_);
    if (!std::exchange(begun_, true)) writer_.begin(head, pending_);
    writer_.row(record, raw, gap, result, pending_);
  }
  bool full() const { return pending_.size() >= kChunk; }

  /// Hands on what was written so far.
  Task<Result<void>> flush() {
    if (!output_) {
      auto created = co_await spool_.create(job_, kind_);
      if (!created) co_return std::unexpected(created.error());
      output_ = std::move(*created);
    }
    co_return co_await output_->append(std::exchange(pending_, {}));
  }

  Task<Result<void>> end(std::string tail) {
    if (!begun_) co_return Result<void>{};
    writer_.end(tail, pending_);
    auto done = co_await flush();
    if (done) done = co_await output_->finish();
    co_return done;
  }

 private:
  OutputKind kind_;
  JobId job_;
  ports::Spool& spool_;
  records::Writer writer_;
  std::size_t room_;  ///< for what is pending, so that it hardly ever grows
  std::unique_ptr<ports::Output> output_;
  bool begun_ = false;
  std::string pending_;
};

/// The settled rows of a job, in order, a page at a time.
class SettledRows {
 public:
  SettledRows(Job& job, ports::Ledger& ledger, const SipKey& key)
      : job_(job.id()), ledger_(ledger), placed_(job, key) {}

  bool read_to_the_end() const { return at_ == page_.size(); }

  /// The page that begins with this row.
  Task<Result<void>> turn_to(std::uint64_t row) {
    auto page = co_await ledger_.rows(job_, row - 1, kPage);
    if (!page) co_return std::unexpected(page.error());
    page_ = std::move(*page);
    at_ = 0;
    co_return Result<void>{};
  }
  /// Of the next row, if it is this one, in the words that only the whole file knows.
  const records::RowResult* next(std::uint64_t row, const records::Record& record) {
    if (at_ == page_.size() || page_[at_].row != row) return nullptr;
    auto& result = page_[at_++];
    if (auto words = placed_.see(record, result)) result.message = *std::move(words);
    return &result;
  }

 private:
  JobId job_;
  ports::Ledger& ledger_;
  PlacedRows placed_;
  std::vector<records::RowResult> page_;
  std::size_t at_ = 0;
};

/// The claimed file as a window that slides along with the reader.
class Window {
 public:
  explicit Window(ports::ClaimedFile& file) : file_(file) {}
  Task<Result<std::string>> more() {
    auto chunk = co_await file_.read_at(offset_ + bytes_.size(), kChunk);
    if (chunk) bytes_ += *chunk;
    co_return chunk;
  }
  std::string_view between(std::uint64_t from, std::uint64_t to) const {
    return std::string_view(bytes_).substr(from - offset_, to - from);
  }
  std::uint64_t end() const { return offset_ + bytes_.size(); }
  void forget_before(std::uint64_t offset) {
    if (offset - offset_ < kChunk) return;
    bytes_.erase(0, offset - offset_);
    offset_ = offset;
  }

 private:
  ports::ClaimedFile& file_;
  std::string bytes_;
  std::uint64_t offset_ = 0;
};

Task<Result<void>> write_rows(Job& job, ports::Spool& spool, ports::Ledger& ledger, ports::Clock& clock,
                              FaultTally& faults) {
  Draft results(OutputKind::results, job, spool);
  Draft failures(OutputKind::failures, job, spool);
  Draft in_doubt(OutputKind::in_doubt, job, spool);
  SettledRows settled(job, ledger, {.low = clock.random(), .high = clock.random()});
  Window window(*job.file);
  records::Reader reader(job.format);
  records::Record record;
  std::string head;
  std::uint64_t rows = 0;
  std::uint64_t written = 0;  // offset of what comes after the last record
  auto turn_ends = clock.now() + kTurn;
  while (true) {
    const auto step = reader.next(record);
    if (!step) co_return fail(ErrorKind::changed, text::say(text::Lang::en, step.error().message));
    if (*step == records::Reader::Step::end) break;
    if (*step == records::Reader::Step::need_more) {
      auto chunk = co_await window.more();
      if (!chunk) co_return std::unexpected(chunk.error());
      reader.feed(*chunk, chunk->empty() || window.end() >= job.header.file.size);
      continue;
    }
    const auto offset = record.ref.offset;
    // Header, byte order mark and brackets are carried over as they are, not written from what was understood.
    if (++rows == 1) head = window.between(0, offset);
    const auto gap = rows == 1 ? std::string_view{} : window.between(written, offset);
    const auto raw = window.between(offset, offset + record.ref.length);
    if (settled.read_to_the_end())
      if (auto turned = co_await settled.turn_to(rows); !turned) co_return turned;
    // Exactly the next row, or an error: a gap would shift every result behind it by one (I1).
    const auto* result = settled.next(rows, record);
    if (!result) co_return fail(ErrorKind::changed, text::words::row_without_result(rows));
    results.row(head, record, raw, gap, *result);
    faults.add(*result, record.line);
    if (records::belongs_in_failures(result->outcome)) failures.row(head, record, raw, gap, *result);
    if (result->outcome == Outcome::in_doubt) in_doubt.row(head, record, raw, gap, *result);
    for (auto* draft : {&results, &failures, &in_doubt}) {
      if (!draft->full()) continue;
      if (auto done = co_await draft->flush(); !done) co_return done;
    }
    written = offset + record.ref.length;
    window.forget_before(written);
    // A million results take seconds to write: answers of other jobs are settled in between.
    if (rows % 64 == 0 && clock.now() >= turn_ends) {
      co_await boost::asio::post(co_await boost::asio::this_coro::executor, boost::asio::use_awaitable);
      turn_ends = clock.now() + kTurn;
    }
  }
  // Fewer rows than surveyed would leave answers without a place; more would have none.
  if (rows != job.header.rows) co_return fail(ErrorKind::changed, text::words::fewer_rows());
  const std::string tail(window.between(written, window.end()));
  for (auto* draft : {&results, &failures, &in_doubt}) {
    if (auto done = co_await draft->end(tail); !done) co_return done;
  }
  co_return Result<void>{};
}

std::string time_or_null(const std::optional<WallTime>& t) {
  return t ? fmt::format("\"{}\"", rfc3339(*t)) : "null";
}

std::string faults_json(const FaultTally& faults) {
  std::string out;
  for (const auto& fault : faults.most()) {
    fmt::format_to(
        std::back_inserter(out),
        "{}\n    {{\"result\": \"{}\", \"message\": \"{}\", \"count\": {}, \"lines\": [{}], \"rows\": [{}]}}",
        out.empty() ? "" : ",", records::name(fault.outcome), text::json_escaped(fault.message), fault.count,
        fmt::join(fault.lines, ", "), fmt::join(fault.rows, ", "));
  }
  return out.empty() ? out : out + "\n  ";
}

}  // namespace

Task<Result<void>> stage(Job& job, ports::Spool& spool, ports::Ledger& ledger, ports::Clock& clock) {
  const auto& counts = job.header.counts;
  // The last guard of I1: published with a row missing, nobody would ever look for it.
  if (counts.total() != job.header.rows) {
    co_return fail(ErrorKind::changed, text::words::not_adding_up());
  }
  // Asked before and after: a pure function of the claimed file needs that file throughout.
  const auto now = co_await job.file->identity();
  if (!now) co_return std::unexpected(now.error());
  if (*now != job.header.file) co_return fail(ErrorKind::changed, text::words::file_became_other());
  // What an interrupted try left may have rows that have since been settled otherwise.
  if (auto done = co_await spool.discard(job.id()); !done) co_return done;
  FaultTally faults;
  if (auto done = co_await write_rows(job, spool, ledger, clock, faults); !done) co_return done;
  const auto after = co_await job.file->identity();
  if (!after) co_return std::unexpected(after.error());
  if (*after != job.header.file) co_return fail(ErrorKind::changed, text::words::file_became_other());
  // Times can be kept by who writes through a mapping: what is published must be of the bytes that were surveyed.
  const auto hash = co_await job.file->content_hash();
  if (!hash) co_return std::unexpected(hash.error());
  if (!job.header.content_hash.empty() && *hash != job.header.content_hash) {
    co_return fail(ErrorKind::changed, text::words::file_has_other_content());
  }
  // Last of the temporaries, as it is last to be published: when it is there, all is there.
  auto output = co_await spool.create(job.id(), OutputKind::summary);
  if (!output) co_return std::unexpected(output.error());
  auto done = co_await (*output)->append(summary(job.header, faults));
  if (done) done = co_await (*output)->finish();
  co_return done;
}

Task<Result<void>> publish(Job& job, ports::Spool& spool) {
  // A crash between two renames: the next start publishes the rest, and takes a missing temporary for one that went.
  SLUICE_FAILPOINT("finish.before_publish");
  if (auto done = co_await spool.publish(job.id(), job.header.name); !done) co_return done;
  // The original goes last: without it nothing could be staged again.
  SLUICE_FAILPOINT("finish.before_archive");
  co_return co_await spool.archive(job.id(), job.header.name);
}

std::string summary(const ports::JobHeader& job, const FaultTally& faults) {
  const auto name = text::is_utf8(job.name) ? job.name : text::shown(job.name, kLongestName);
  std::string counts;
  for (const auto outcome : records::kEveryOutcome) {
    counts += fmt::format("{}\"{}\": {}", counts.empty() ? "" : ", ", records::name(outcome), job.counts[outcome]);
  }
  return fmt::format(
      "{{\n  \"job\": \"{}\",\n  \"name\": \"{}\",\n  \"service\": \"{}\",\n  \"rows\": {},\n  \"counts\": {{{}}},\n"
      "  \"requests\": {},\n  \"other_starts\": {},\n  \"started\": {},\n  \"finished\": {},\n  \"exit\": {},\n  "
      "\"faults\": "
      "[{}]\n}}\n",
      to_string(job.id), text::json_escaped(name), orders::service(job.service).name, job.rows, counts, job.requests,
      job.other_starts, time_or_null(job.started_at), time_or_null(job.finished_at), job.exit, faults_json(faults));
}

}  // namespace sluice::pipeline
