#include "posix_claim_step.hpp"
#include "posix_copy.hpp"
#include "posix_error.hpp"
#include "posix_move.hpp"
#include "sluice/base/failpoint.hpp"

namespace sluice::adapters {
namespace {

constexpr mode_t kOutputMode = 0660;

Result<void> write_copy(const ClaimStep& step, const FileToClaim& file) {
  step.remove(StateFile::copy);
  const auto copy = open_at(step.state(), step.in_state(StateFile::copy).c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  int error = copy ? copy_bytes(file.opened.fd, copy) : errno;
  if (error == 0) error = errno_of([&] { return ::fchmod(copy.get(), kOutputMode); });
  if (error == 0) error = sync(copy);
  if (error != 0) return fail_with(error, "copy (it has other hard links)", step.shown_inbox());
  struct stat now{};
  if (::fstat(file.opened.fd.get(), &now) != 0) return fail_with(errno, "look at", step.shown_inbox());
  if (identity_of(now) != file.opened.identity) return std::unexpected(step.changed());
  return {};
}

}  // namespace

Result<void> claim_by_copy(const ClaimStep& step, const FileToClaim& file) {
  if (const auto written = write_copy(step, file); !written) {
    step.remove(StateFile::copy);
    return written;
  }
  const auto copy = step.in_state(StateFile::copy);
  const auto claimed = step.in_state(StateFile::claimed);
  const int error = move_without_replacing(step.state(), copy.c_str(), step.state(), claimed.c_str(), Target::private_);
  if (error != 0) {
    step.remove(StateFile::copy);
    return fail_with(error, "claim as", step.shown_state(StateFile::claimed));
  }
  SLUICE_FAILPOINT("spool.after_claim_copy");
  auto removed = step.sync_both();
  if (removed) removed = step.take_away(StateFile::original);
  if (!removed) {
    step.remove(StateFile::claimed);
    return removed;
  }
  SLUICE_FAILPOINT("spool.before_original_removed");
  if (auto same = step.verify(file, StateFile::original); !same) {
    step.remove(StateFile::claimed);
    return step.undo(StateFile::original, std::move(same.error()));
  }
  step.remove(StateFile::original);
  return step.sync_both();
}

}  // namespace sluice::adapters
