#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>

#include "sluice/pipeline/survey.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// Counts what a file would come to, so that bytes out stay bounded by bytes in: how many rows it has, how many are
/// invalid for the same reason, how large its results would be.
class SurveyGuard {
 public:
  SurveyGuard(const SurveyLimits& limits, const records::Format& format, std::uint64_t file_size);

  void valid(const records::RowRef& row);
  void settled(const records::RowRef& row, records::Outcome outcome, std::size_t message_bytes);
  /// `line`: where a person finds it.
  void invalid(std::uint64_t line, std::span<const text::Message> faults);

  /// Asked after each row: why the rest need not be read.
  std::optional<text::Message> too_much() const;
  /// Asked after the last one.
  std::optional<text::Message> hopeless() const;
  /// About how many bytes all outputs will take together.
  std::uint64_t output_bytes() const { return output_bytes_; }

 private:
  struct Reason {
    std::uint64_t rows = 0;
    std::uint64_t line = 0;  ///< of the first one
    text::Message first;
  };
  const Reason* most_frequent() const;
  text::Message with(text::Word word, std::string number, std::string of, const Reason& reason) const;

  SurveyLimits limits_;
  bool lines_;  ///< a person counts lines in it, not orders
  std::uint64_t result_bytes_;
  std::uint64_t most_output_;
  std::uint64_t rows_ = 0;
  std::uint64_t output_bytes_ = 0;
  std::map<text::Word, Reason> reasons_;  ///< by what is wrong first, whatever the value
};

}  // namespace sluice::pipeline
