#pragma once

#include <cstdint>
#include <vector>

#include "sluice/adapters/ledger/salvage.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::app {

/// Rebuilds a job's rows from its claimed file: what was salvaged of an answer stands, what the file itself shows to be
/// invalid was never sent, and every other row is in doubt.
class RecoverSink : public pipeline::SurveySink {
 public:
  /// `salvage`: null when the ledger is gone altogether. Both outlive it.
  RecoverSink(JobId job, adapters::ledger::Salvage* salvage, ports::Ledger& ledger, WallTime now);

  ports::Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged) override;
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;

 private:
  const records::RowResult* salvaged(std::uint64_t row);
  records::RowResult lost(std::uint64_t row) const;
  void put(records::RowResult result);

  JobId job_;
  adapters::ledger::Salvage* salvage_;
  ports::Ledger& ledger_;
  WallTime now_;
  text::Lang lang_ = text::Lang::en;
  std::vector<records::RowResult> page_;
  std::size_t at_ = 0;
  std::uint64_t paged_to_ = 0;
  bool more_ = true;
  std::vector<records::RowResult> rows_;
  ports::Counts counts_{};
  std::vector<ports::Doubt> doubts_;
};

}  // namespace sluice::app
