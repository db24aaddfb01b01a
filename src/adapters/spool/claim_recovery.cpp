#include "spool/claim_recovery.hpp"

#include "posix/error.hpp"
#include "posix/move.hpp"
#include "spool/claim_step.hpp"

namespace sluice::adapters::spool {
namespace {

Result<std::optional<ports::FileIdentity>> identity_at(const posix::Fd& folder, const std::string& name,
                                                       const std::string& where) {
  struct stat s{};
  if (::fstatat(folder.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0) return posix::identity_of(s);
  if (errno == ENOENT) return std::nullopt;
  return posix::fail_with(errno, "look at", where);
}

Result<std::optional<ports::FileIdentity>> identity_at(const ClaimStep& step, StateFile file) {
  return identity_at(step.state(), step.in_state(file), step.shown_state(file));
}

/// What a crash left of a copied file between the inbox and its end.
Result<void> settle_original(const ClaimStep& step, const ports::FileIdentity& source) {
  const auto left = identity_at(step, StateFile::original);
  if (!left) return std::unexpected(left.error());
  if (!*left) return {};
  if (!posix::same_but_for_ctime(**left, source)) return step.put_back(StateFile::original);
  step.remove(StateFile::original);
  return {};
}

}  // namespace

Result<bool> complete_claim(const Folders& folders, JobId job, const std::string& name,
                            const ports::FileIdentity& source, const std::string& ready_suffix) {
  const auto step = ClaimStep::open(folders, job, name);
  if (!step) return std::unexpected(step.error());
  const auto claimed = identity_at(*step, StateFile::claimed);
  if (!claimed) return std::unexpected(claimed.error());
  step->remove(StateFile::copy);
  if (!*claimed) {
    // Cut off while a copied file's original, written meanwhile, was put back.
    const auto left = identity_at(*step, StateFile::original);
    if (!left) return std::unexpected(left.error());
    if (*left) {
      if (const auto back = step->put_back(StateFile::original); !back) return std::unexpected(back.error());
    }
    step->remove(StateFile::name);
    // The ledger will forget the job: nobody would come back for what a power cut brings to life again.
    if (const auto durable = step->sync_both(); !durable) return std::unexpected(durable.error());
    return false;
  }
  if (const auto settled = settle_original(*step, source); !settled) return std::unexpected(settled.error());
  auto left = identity_at(step->inbox(), name, step->shown_inbox());
  if (!left) return std::unexpected(left.error());
  if (*left == source) {
    const auto away = step->take_away(StateFile::original);
    if (!away && away.error().kind != ErrorKind::missing) return std::unexpected(away.error());
    if (const auto settled = settle_original(*step, source); !settled) return std::unexpected(settled.error());
    left = std::optional<ports::FileIdentity>{};
  }
  // A marker whose file is gone would wave the next file of that name through.
  if (!*left) step->remove_marker(ready_suffix);
  if (const auto durable = step->sync_both(); !durable) return std::unexpected(durable.error());
  return true;
}

}  // namespace sluice::adapters::spool
