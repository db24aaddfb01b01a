#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "job.hpp"
#include "journal.hpp"
#include "planner.hpp"
#include "sluice/pipeline/survey.hpp"

namespace sluice::pipeline {

/// A survey's way into the ledger: valid rows become planned batches, the others are settled. All of it is provisional
/// until the job's state says *sending*.
class LedgerSink : public SurveySink {
 public:
  LedgerSink(Job& job, Journal& journal, Planner::Size size, std::function<BatchId()> next_batch, const RowMarks& marks,
             const Stop& stop);

  ports::Task<Result<void>> begin(const records::Format& format, const OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
             const OrderHashes& hashes) override;
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;
  /// The marks of the plan are these hashes.
  std::optional<SipKey> key() const override;

  /// What is left to commit, together with what makes it final.
  std::vector<ports::Change> rest();
  /// All the batches there are, if these changes have all and they are few; nothing: the ledger is to be asked.
  std::optional<std::vector<ports::Batch>> all_planned(const std::vector<ports::Change>& rest) const;
  std::uint64_t valid_rows() const { return valid_; }
  const ports::Counts& counts() const { return counts_; }

 private:
  void gather(std::vector<ports::Change>& changes);

  Job& job_;
  Journal& journal_;
  Planner::Size size_;
  std::function<BatchId()> next_batch_;
  const RowMarks& marks_;
  const Stop& stop_;
  std::optional<Planner> planner_;
  std::vector<ports::Change> first_;  ///< what goes before the first that is written
  std::vector<records::RowResult> rows_;
  ports::Counts counts_{};
  ports::Counts uncounted_{};  ///< not in the ledger yet
  std::uint64_t valid_ = 0;
  bool some_committed_ = false;  ///< batches, before the rest
};

}  // namespace sluice::pipeline
