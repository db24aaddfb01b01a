#pragma once

#include <memory>
#include <string>
#include <vector>

#include "spool/claim.hpp"
#include "spool/claimed_file.hpp"
#include "spool/offload.hpp"
#include "spool/output.hpp"

// What the spool hands out: each shares its file with the work under way, so that a caller who is gone by the time the
// work ends does no harm.
namespace sluice::adapters::spool {

class PosixCandidate final : public ports::Candidate {
 public:
  PosixCandidate(Offload& offload, std::shared_ptr<Claim> claim) : offload_(offload), claim_(std::move(claim)) {}
  const std::string& name() const override { return claim_->name(); }
  const ports::FileIdentity& identity() const override { return claim_->identity(); }
  ports::Task<Result<void>> take(JobId job) override {
    return offload_.in_turn([claim = claim_, job] { return claim->take(job); });
  }

 private:
  Offload& offload_;
  std::shared_ptr<Claim> claim_;
};

class PosixClaimedFile final : public ports::ClaimedFile {
 public:
  PosixClaimedFile(Offload& offload, std::shared_ptr<const ClaimedBytes> bytes)
      : offload_(offload), bytes_(std::move(bytes)) {}
  ports::Task<Result<ports::FileIdentity>> identity() override {
    return offload_.anywhere([bytes = bytes_] { return bytes->identity(); });
  }
  ports::Task<Result<std::string>> content_hash() override {
    return offload_.anywhere([bytes = bytes_] { return bytes->content_hash(); });
  }
  ports::Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) override {
    return offload_.anywhere([bytes = bytes_, offset, size] { return bytes->read_at(offset, size); });
  }
  ports::Task<Result<std::vector<std::string>>> read_rows(std::vector<records::RowRef> rows,
                                                          ports::FileIdentity expected) override {
    return offload_.anywhere(
        [bytes = bytes_, rows = std::move(rows), expected] { return bytes->read_rows(rows, expected); });
  }

 private:
  Offload& offload_;
  std::shared_ptr<const ClaimedBytes> bytes_;
};

class PosixOutput final : public ports::Output {
 public:
  PosixOutput(Offload& offload, std::shared_ptr<Temporary> file) : offload_(offload), file_(std::move(file)) {}
  /// Mostly only gathers, without a change of thread.
  ports::Task<Result<void>> append(std::string bytes) override {
    file_->append(std::move(bytes));
    if (!file_->due()) co_return Result<void>{};
    co_return co_await offload_.anywhere([file = file_] { return file->write(); });
  }
  ports::Task<Result<void>> finish() override {
    return offload_.anywhere([file = file_] { return file->finish(); });
  }

 private:
  Offload& offload_;
  std::shared_ptr<Temporary> file_;
};

}  // namespace sluice::adapters::spool
