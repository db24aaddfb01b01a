#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"
#include "spool/claim_step.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {

/// A file about to be claimed. Its work runs on a file thread, one piece at a time.
class Claim {
 public:
  /// Opens a ready entry: kinds `changed`, `missing`, `busy`. The folders must outlive it.
  static Result<std::shared_ptr<Claim>> open(const Folders& folders, const ports::InboxEntry& entry,
                                             const config::Settings::Inbox& settings);

  const std::string& name() const { return file_.name; }
  const ports::FileIdentity& identity() const { return file_.opened.identity; }
  // Candidate::take, in two steps. What the first says has to be fsynced in between.
  Result<std::vector<Unsynced>> move(JobId job);
  /// `durable`: what came of that. A claim that fails leaves in the inbox what was there.
  Result<void> end(Result<void> durable);

 private:
  Claim(const Folders& folders, FileToClaim file, std::string ready_suffix)
      : folders_(folders), file_(std::move(file)), ready_suffix_(std::move(ready_suffix)) {}
  std::unexpected<Error> give_up(Error why);
  const Folders& folders_;
  FileToClaim file_;
  std::optional<ClaimStep> step_;  ///< once something was moved
  std::string ready_suffix_;
};

/// Spool::claim_completed, on a file thread.
Result<bool> complete_claim(const Folders& folders, JobId job, const std::string& name,
                            const ports::FileIdentity& source, const std::string& ready_suffix);

}  // namespace sluice::adapters::spool
