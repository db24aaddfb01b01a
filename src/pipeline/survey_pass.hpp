#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "doubts.hpp"
#include "duplicate_index.hpp"
#include "earlier_rows.hpp"
#include "row_shapes.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/records/reader.hpp"
#include "survey_guard.hpp"

namespace sluice::pipeline {

/// Why a pass over the file ended before its end.
struct PassEnd {
  enum class Why : std::uint8_t { rejected, undecodable, damaged, other_service, ragged, error } why;
  std::string reason;              ///< rejected, undecodable
  std::uint64_t offset = 0;        ///< undecodable: how far the encoding got
  orders::DamagedColumns columns;  ///< damaged
  orders::ServiceId service{};     ///< other_service
  Error error{ErrorKind::io, ""};
};
using PassResult = std::expected<Surveyed, PassEnd>;

/// What passes before this one found out.
struct Found {
  orders::DamagedColumns damaged;
  std::optional<orders::ServiceId> service;
  bool ragged = false;  ///< only some rows have empty cells beyond the header
};

/// One pass over a file, for one encoding and what is known of it.
class SurveyPass {
 public:
  SurveyPass(ports::ClaimedFile& file, WallTime judged_at, const Doubts& doubts, SurveySink& sink, ports::Clock& clock,
             const SurveyLimits& limits, const Found& found)
      : file_(file),
        judged_at_(judged_at),
        sink_(sink),
        clock_(clock),
        limits_(limits),
        damaged_(found.damaged),
        service_(found.service),
        ragged_(found.ragged),
        doubts_(doubts),
        key_(sink.key().value_or(SipKey{.low = clock.random(), .high = clock.random()})),
        earlier_rows_(file) {}

  /// `guessed`: nothing but the bytes speaks for the encoding.
  ports::Task<PassResult> run(std::string head, bool whole, text::Encoding encoding, bool guessed);

 private:
  std::expected<OrderReading, text::Message> reading_of(const records::Format& format, const std::string& head,
                                                        bool whole);
  /// What shows only when all rows have been read: another service, or none; damaged columns.
  std::optional<PassEnd> judge_columns(const OrderReading& reading) const;
  ports::Task<std::expected<std::uint64_t, PassEnd>> read_rows(records::Reader& reader, OrderReading& reading);
  ports::Task<std::expected<void, PassEnd>> take_turn();
  void see(const records::Record& record, OrderReading& reading);
  ports::Task<std::expected<void, PassEnd>> judge_lines(const records::Record& record, OrderReading& reading);
  /// The row at hand, into row().
  void judge(const records::Record& record, OrderReading& reading);
  /// The row before it, if one waits. False: it may be an earlier order again, one of candidates_.
  bool accept_before(const OrderReading& reading);
  ports::Task<std::expected<void, PassEnd>> compare_before(OrderReading& reading);
  /// The row at hand: it is settled, or waits.
  std::expected<void, PassEnd> settle_or_wait(const records::Record& record, const OrderReading& reading);
  /// After the last row: the one that waits.
  ports::Task<std::expected<void, PassEnd>> settle_last(OrderReading& reading);
  std::expected<void, PassEnd> invalid_row(const records::Record& record, const orders::Faults& faults,
                                           const OrderReading& reading);
  void take_sample(const records::Record& record);
  orders::JudgeContext context() const {
    return {.now = judged_at_, .damaged = damaged_.empty() ? nullptr : &damaged_};
  }
  ports::Task<Result<bool>> is_same(std::uint64_t earlier, OrderReading& reading);
  struct Row;
  void accept(const Row& row, const OrderReading& reading);
  void settle(const records::RowRef& ref, std::uint64_t line, records::Outcome outcome,
              std::span<const text::Message> messages, const OrderReading& reading);
  bool settle_doubtful(const Row& row, const OrderReading& reading);

  ports::ClaimedFile& file_;
  WallTime judged_at_;
  SurveySink& sink_;
  ports::Clock& clock_;
  SurveyLimits limits_;
  const orders::DamagedColumns& damaged_;
  std::optional<orders::ServiceId> service_;
  bool ragged_;
  const Doubts& doubts_;
  records::Format format_;
  std::optional<RowShapes> shapes_;
  bool wants_sample_ = false;
  std::vector<text::Message> warnings_;
  std::uint64_t placed_before_ = 0;
  SipKey key_;
  std::shared_ptr<DuplicateIndex> index_ = std::make_shared<DuplicateIndex>();
  EarlierRows earlier_rows_;
  std::optional<SurveyGuard> guard_;
  orders::ColumnWatch watch_;
  ports::FileIdentity identity_;
  Boottime turn_ends_{};

  /// One that was judged. If its order is good it waits while the next one is read: meanwhile what is known of the
  /// order and of its key is fetched, which in a large file is in no cache.
  struct Row {
    records::RowRef ref;
    std::uint64_t line = 0;
    std::expected<orders::Judged, orders::Faults> judged;
    OrderHashes hashes{};
  };
  Row& row() { return rows_[at_]; }
  Row& before() { return rows_[1 - at_]; }

  std::array<Row, 2> rows_;
  std::size_t at_ = 0;
  bool one_waits_ = false;                 ///< before()
  std::vector<std::uint64_t> candidates_;  ///< earlier rows that may be the same order as before()
};

}  // namespace sluice::pipeline
