#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sluice/ports/ledger.hpp"

namespace sluice::simulation {

/// What is durable in the ledger: survives every crash. Changes arrive whole commits at a time.
class LedgerStore {
 public:
  void apply(const std::vector<ports::Change>& changes);

  const std::map<std::uint64_t, ports::JobHeader>& jobs() const { return jobs_; }
  const std::map<BatchId, ports::Batch>& batches() const { return batches_; }
  /// Settled rows of a job, by row number.
  const std::map<std::uint64_t, records::RowResult>& rows(std::uint64_t job) const;
  const std::vector<ports::Doubt>& doubts() const { return doubts_; }
  std::uint64_t first_sends(std::uint32_t day) const;
  std::string note(const std::string& key) const;
  ports::Ledger::Numbers numbers() const { return numbers_; }

 private:
  void change(const ports::PutJob& put);
  void change(const ports::PutHold& put);
  void change(const ports::AddCounts& add);
  void change(const ports::ForgetSurvey& forget);
  void change(const ports::PutRows& put);
  void change(const ports::PutBatches& put);
  void change(const ports::DropBatch& drop);
  void change(const ports::CountFirstSends& count);
  void change(const ports::PutDoubts& put);
  void change(const ports::DropDoubts& drop);
  void change(const ports::ForgetRows& forget);
  void change(const ports::PutNote& put);

  std::map<std::uint64_t, ports::JobHeader> jobs_;
  std::map<std::uint64_t, std::map<std::uint64_t, records::RowResult>> rows_;
  std::map<BatchId, ports::Batch> batches_;
  std::map<std::uint32_t, std::uint64_t> first_sends_;
  std::vector<ports::Doubt> doubts_;
  std::map<std::string, std::string> notes_;
  ports::Ledger::Numbers numbers_;
};

}  // namespace sluice::simulation
