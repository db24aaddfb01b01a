#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// The outputs' side of a spool, in memory: temporaries, which of them are durable, and what was done in which order.
class MemorySpool final : public ports::Spool {
 public:
  struct Temporary {
    std::string bytes;
    bool durable = false;
  };
  std::map<ports::OutputKind, Temporary> temporaries;
  std::vector<std::string> deeds;
  std::string taken;  ///< an output's name that something else has already

  ports::Task<Result<std::unique_ptr<ports::Output>>> create(JobId, ports::OutputKind kind) override {
    temporaries[kind] = {};
    co_return std::make_unique<Draft>(temporaries[kind]);
  }
  ports::Task<Result<void>> discard(JobId, ports::OutputKind kind) override {
    temporaries.erase(kind);
    co_return Result<void>{};
  }
  ports::Task<Result<void>> publish(JobId job, ports::OutputKind kind, std::string dropped) override {
    const auto name = ports::output_name(dropped, job, kind);
    if (name == taken) co_return fail(ErrorKind::exists, name);
    if (temporaries.erase(kind) > 0) deeds.push_back("publish " + name);
    co_return Result<void>{};
  }
  ports::Task<Result<void>> archive(JobId job, std::string dropped) override {
    deeds.push_back("archive " + ports::archived_name(dropped, job));
    co_return Result<void>{};
  }

  ports::Task<void> wait_for_change(Boottime) override { co_return; }
  void wake() override {}
  ports::Task<Result<std::vector<ports::InboxEntry>>> scan() override { co_return std::vector<ports::InboxEntry>{}; }
  ports::Task<Result<std::unique_ptr<ports::Candidate>>> open(ports::InboxEntry) override { co_return gone(); }
  ports::Task<Result<std::vector<JobId>>> claimed() override { co_return std::vector<JobId>{}; }
  ports::Task<Result<bool>> claim_completed(JobId, std::string, ports::FileIdentity) override { co_return false; }
  ports::Task<Result<std::unique_ptr<ports::ClaimedFile>>> read(JobId) override { co_return gone(); }
  ports::Task<Result<void>> reject(JobId, std::string, std::string) override { co_return Result<void>{}; }
  ports::Task<Result<void>> progress(JobId, std::string, std::string) override { co_return Result<void>{}; }
  ports::Task<Result<std::uint64_t>> free_bytes() override { co_return 1ULL << 40; }

 private:
  class Draft final : public ports::Output {
   public:
    explicit Draft(Temporary& temporary) : temporary_(temporary) {}
    ports::Task<Result<void>> append(std::string bytes) override {
      temporary_.bytes += bytes;
      co_return Result<void>{};
    }
    ports::Task<Result<void>> finish() override {
      temporary_.durable = true;
      co_return Result<void>{};
    }

   private:
    Temporary& temporary_;
  };
  static std::unexpected<Error> gone() { return fail(ErrorKind::missing, "nothing there"); }
};

}  // namespace sluice::pipeline
