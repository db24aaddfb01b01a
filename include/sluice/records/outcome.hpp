#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "sluice/base/order_id.hpp"
#include "sluice/base/shared_text.hpp"
#include "sluice/base/time.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::records {

/// docs/contract.md, Output. The number is stored in the ledger: never renumber.
enum class Outcome : std::uint8_t {
  accepted = 1,
  accepted_earlier = 2,
  refused = 3,
  invalid = 4,
  failed = 5,
  not_sent = 6,
  duplicate = 7,
  in_doubt = 8,
};
inline constexpr std::size_t kOutcomes = 9;  ///< for arrays indexed by outcome; 0 is unused
inline constexpr std::array kEveryOutcome = {Outcome::accepted,  Outcome::accepted_earlier, Outcome::refused,
                                             Outcome::invalid,   Outcome::failed,           Outcome::not_sent,
                                             Outcome::duplicate, Outcome::in_doubt};
std::string_view name(Outcome outcome);
/// The same for people, in the language of their file.
std::string_view word(Outcome outcome, text::Lang lang);

/// How many rows ended how.
class Counts {
 public:
  constexpr std::uint64_t& operator[](Outcome outcome) { return of_[std::to_underlying(outcome) - 1U]; }
  constexpr std::uint64_t operator[](Outcome outcome) const { return of_[std::to_underlying(outcome) - 1U]; }
  constexpr Counts& operator+=(const Counts& more) {
    for (const auto outcome : kEveryOutcome) (*this)[outcome] += more[outcome];
    return *this;
  }
  constexpr std::uint64_t total() const {
    std::uint64_t rows = 0;
    for (const auto of_one : of_) rows += of_one;
    return rows;
  }
  friend bool operator==(const Counts&, const Counts&) = default;

 private:
  std::array<std::uint64_t, kEveryOutcome.size()> of_{};
};

/// Known not to have been applied, and worth dropping in again.
bool belongs_in_failures(Outcome outcome);

/// What became of one row: what the result columns say, but for the line, which the record knows. Rows of one batch
/// share their texts, but for the order's id.
struct RowResult {
  std::uint64_t row = 0;
  Outcome outcome = Outcome::invalid;
  std::optional<int> status;  ///< the API's number
  SharedText message;         ///< UTF-8
  OrderId order_id;
  SharedText start_time;
  SharedText end_time;
  std::uint32_t attempts = 0;  ///< requests that carried this row
  SharedText request;          ///< id of the last of them
  std::optional<WallTime> at;  ///< when it was settled
  friend bool operator==(const RowResult&, const RowResult&) = default;
};

/// The last came later than the others: files of earlier versions end in kFirstResultColumns.
inline constexpr std::array<std::string_view, 11> kResultColumns = {
    "result",     "result_status",   "result_message", "result_order_id", "result_start_time", "result_end_time",
    "result_row", "result_attempts", "result_request", "result_at",       "result_text"};
inline constexpr auto kFirstResultColumns = std::span(kResultColumns).first<10>();

}  // namespace sluice::records
