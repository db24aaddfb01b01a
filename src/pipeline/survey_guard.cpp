#include "survey_guard.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sluice::pipeline {

namespace {

using text::Lang;
using text::Word;

constexpr std::uint64_t kFewRows = 1000;  // whatever these come to, it is little
constexpr std::uint64_t kHopelessPercent = 99;
/// With what the ledger holds of them meanwhile, a file's rows then take less than twenty times its size.
constexpr std::uint64_t kMostGrowth = 13;
constexpr std::uint64_t kLittle = 4 << 20;  // bytes of output; people want their thousand bad rows one by one
// A result's own bytes but for its message: names and times, and in JSON the names of its members.
constexpr std::uint64_t kCsvResult = 72;
constexpr std::uint64_t kJsonResult = 192;
constexpr std::uint64_t kAnswer = 120;  // what the API says of a row that was sent

}  // namespace

SurveyGuard::SurveyGuard(const SurveyLimits& limits, const records::Format& format, std::uint64_t file_size)
    : limits_(limits),
      lines_(format.shape == records::Shape::delimited),
      result_bytes_(lines_ ? kCsvResult : kJsonResult),
      most_output_(std::max(kMostGrowth * file_size, kLittle)) {}

void SurveyGuard::valid(const records::RowRef& row) {
  ++rows_;
  output_bytes_ += row.length + result_bytes_ + kAnswer;
}

void SurveyGuard::settled(const records::RowRef& row, records::Outcome outcome, std::size_t message_bytes) {
  ++rows_;
  const bool twice = records::belongs_in_failures(outcome) || outcome == records::Outcome::in_doubt;
  output_bytes_ += (row.length + result_bytes_ + message_bytes) * (twice ? 2 : 1);
}

void SurveyGuard::invalid(std::uint64_t line, std::span<const text::Message> faults) {
  auto& reason = reasons_[faults.front().word];
  if (reason.rows++ > 0) return;
  reason.line = line;
  reason.first = faults.front();
}

const SurveyGuard::Reason* SurveyGuard::most_frequent() const {
  const auto most = std::ranges::max_element(reasons_, {}, [](const auto& entry) { return entry.second.rows; });
  return most == reasons_.end() ? nullptr : &most->second;
}

text::Message SurveyGuard::with(Word word, std::string number, std::string of, const Reason& reason) const {
  return {word,
          {std::move(number), std::move(of), fmt::format("{} {}", lines_ ? "line" : "order", reason.line),
           fmt::format("第 {} {}", reason.line, lines_ ? "行" : "个订单"), text::say(Lang::en, reason.first),
           text::say(Lang::zh, reason.first)}};
}

std::optional<text::Message> SurveyGuard::too_much() const {
  if (limits_.max_rows > 0 && rows_ > limits_.max_rows)
    return text::Message{Word::too_many_rows, {std::to_string(limits_.max_rows)}};
  if (!limits_.refuses_hopeless || rows_ <= kFewRows || output_bytes_ <= most_output_) return std::nullopt;
  const auto* reason = most_frequent();
  if (reason == nullptr) return std::nullopt;
  return with(Word::results_too_large, std::to_string(kMostGrowth), "", *reason);
}

std::optional<text::Message> SurveyGuard::hopeless() const {
  const auto* reason = most_frequent();
  if (!limits_.refuses_hopeless || rows_ <= kFewRows || reason == nullptr) return std::nullopt;
  if (reason->rows * 100 < rows_ * kHopelessPercent) return std::nullopt;
  return with(Word::one_reason, std::to_string(reason->rows), std::to_string(rows_), *reason);
}

}  // namespace sluice::pipeline
