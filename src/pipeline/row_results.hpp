#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "after_answer.hpp"
#include "sluice/base/shared_text.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::pipeline {

/// Makes the results of a batch's rows. They share their request, and nearly all what is said of them, which is put
/// into words once for as many as follow one another.
class RowResults {
 public:
  /// Both outlive this.
  RowResults(const ports::Batch& batch, const AfterAnswer& context)
      : batch_(batch), context_(context), request_(batch.last_request) {}

  /// Of the batch's row `i`, behind the others.
  records::RowResult& add(std::size_t i, records::Outcome outcome, const text::Message& message,
                          std::vector<records::RowResult>& to);

 private:
  SharedText in_words(records::Outcome outcome, const text::Message& message) const;

  const ports::Batch& batch_;
  const AfterAnswer& context_;
  SharedText request_;
  struct Said {
    records::Outcome outcome;
    text::Message message;
    SharedText words;
  };
  std::optional<Said> last_;
};

}  // namespace sluice::pipeline
