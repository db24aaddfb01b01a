#include "spool/output.hpp"

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/move.hpp"
#include "sluice/base/check.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr mode_t kOutputMode = 0660;
constexpr std::size_t kWrittenAtOnce = 256 * 1024;

/// A rename keeps the group, so it is set here to the one that outbox/ gives to what is made in it. Who may not do that
/// leaves it: the outputs are readable for our own group then.
void give_to_readers(const Folders& folders, const posix::Fd& file) {
  const auto outbox = folders.open(Folder::outbox);
  struct stat wanted{};
  struct stat have{};
  if (!outbox || ::fstat(outbox->get(), &wanted) != 0 || ::fstat(file.get(), &have) != 0) return;
  if (wanted.st_gid == have.st_gid) return;
  [[maybe_unused]] const int ignored = ::fchown(file.get(), static_cast<uid_t>(-1), wanted.st_gid);
}

}  // namespace

Result<std::shared_ptr<Temporary>> Temporary::create(const Folders& folders, std::string name) {
  const auto where = folders.shown(Folder::state, name);
  auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  ::unlinkat(state->get(), name.c_str(), 0);
  auto fd = posix::open_at(*state, name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!fd) return posix::fail_with(errno, "create", where);
  give_to_readers(folders, fd);
  if (::fchmod(fd.get(), kOutputMode) != 0) return posix::fail_with(errno, "set the mode of", where);
  return std::shared_ptr<Temporary>(new Temporary(*std::move(state), std::move(fd), where));
}

void Temporary::append(std::string bytes) {
  SLUICE_CHECK(!finished_, "an output is appended to after it was finished");
  if (pending_.empty()) {
    pending_ = std::move(bytes);
  } else {
    pending_ += bytes;
  }
}

bool Temporary::due() const {
  return pending_.size() >= kWrittenAtOnce;
}

Result<void> Temporary::write() {
  std::string_view rest = pending_;
  const int error = posix::write_all(fd_, rest);
  pending_.erase(0, pending_.size() - rest.size());
  if (error != 0) return posix::fail_with(error, "write", where_);
  return {};
}

Result<void> Temporary::finish() {
  if (const auto written = write(); !written) return written;
  if (unsynced_ == 0) unsynced_ = posix::sync(fd_);
  // Once fsync has failed the kernel may have dropped the bytes; a second one that succeeds would be a lie.
  if (unsynced_ != 0) return posix::fail_with(unsynced_, "sync", where_ + " (it must be written anew)");
  // A name that a power cut takes back would pass for a file that was published already.
  if (const int unsynced = posix::sync(state_)) return posix::fail_with(unsynced, "sync the folder of", where_);
  finished_ = true;
  return {};
}

Result<void> write_temporary(const Folders& folders, const std::string& name, const std::string& bytes,
                             Durable durable) {
  const auto file = Temporary::create(folders, name);
  if (!file) return std::unexpected(file.error());
  (*file)->append(bytes);
  return durable == Durable::yes ? (*file)->finish() : (*file)->write();
}

}  // namespace sluice::adapters::spool
