#pragma once

#include "sim_spool.hpp"

namespace sluice::simulation {

/// Handles a process has on files; they die with it and leave the files as they are.
class SimCandidate final : public ports::Candidate {
 public:
  SimCandidate(SimSpool& spool, std::string name, File file)
      : spool_(spool), name_(std::move(name)), file_(std::move(file)), identity_(Disk::identity(*file_)) {}
  const std::string& name() const override { return name_; }
  const ports::FileIdentity& identity() const override { return identity_; }
  ports::Task<Result<void>> take(JobId job) override;

 private:
  ports::Task<Result<void>> copy(JobId job);

  SimSpool& spool_;
  std::string name_;
  File file_;
  ports::FileIdentity identity_;
};

class SimClaimedFile final : public ports::ClaimedFile {
 public:
  SimClaimedFile(SimSpool& spool, std::string name, File file)
      : spool_(spool), name_(std::move(name)), file_(std::move(file)) {}
  using ClaimedFile::content_hash;
  ports::Task<Result<ports::FileIdentity>> identity() override;
  ports::Task<Result<std::string>> content_hash(std::function<bool()> gives_up) override;
  ports::Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) override;
  ports::Task<Result<std::string>> read_rows(std::vector<records::RowRef> rows, ports::FileIdentity expected) override;

 private:
  bool in_place() const { return spool_.disk().find(Folder::state, name_) == file_; }

  SimSpool& spool_;
  std::string name_;
  File file_;
};

class SimOutput final : public ports::Output {
 public:
  SimOutput(SimSpool& spool, JobId job, ports::OutputKind kind, File file)
      : spool_(spool), job_(job), kind_(kind), file_(std::move(file)) {}
  ports::Task<Result<void>> append(std::string bytes) override;
  ports::Task<Result<void>> finish() override;

 private:
  SimSpool& spool_;
  JobId job_;
  ports::OutputKind kind_;
  File file_;
};

}  // namespace sluice::simulation
