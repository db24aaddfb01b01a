#include <fmt/format.h>

#include <array>
#include <string>

#include "posix_error.hpp"
#include "posix_folders.hpp"
#include "range_lock.hpp"
#include "sluice/adapters/posix_spool.hpp"

namespace sluice::adapters {
namespace {

constexpr const char* kLock = "lock";

std::string holder(const Fd& lock) {
  std::array<char, 32> text{};
  const auto got = ::pread(lock.get(), text.data(), text.size(), 0);
  std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  pid.erase(std::min(pid.find_first_not_of("0123456789"), pid.size()));
  return pid.empty() ? "" : fmt::format(" (pid {})", pid);
}

void note_holder(const Fd& lock) {
  const auto pid = fmt::format("{}\n", ::getpid());
  // Only for people: a lock whose number can't be written is held all the same.
  if (::ftruncate(lock.get(), 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(lock.get(), pid.data(), pid.size(), 0);
}

}  // namespace

Result<SpoolLock> SpoolLock::take(const std::string& spool) {
  const auto folders = Folders::make(spool);
  if (!folders) return std::unexpected(folders.error());
  const auto state = folders->open(Folder::state);
  if (!state) return std::unexpected(unusable(state.error()));
  auto lock = open_at(*state, kLock, O_RDWR | O_CREAT, 0600);
  const auto where = folders->shown(Folder::state, kLock);
  if (!lock) return std::unexpected(unusable(system_error(errno, "open", where)));
  const int error = try_lock(lock.get(), {.start = 0, .length = 0}) ? 0 : errno;  // 0: to the end, however long
  if (error == EAGAIN || error == EACCES) {
    return fail(ErrorKind::busy,
                fmt::format("another process{} works this spool ({}): one at a time; stop it first, or "
                            "speak to it with `sluice status`",
                            holder(lock), where));
  }
  if (error != 0) return std::unexpected(unusable(system_error(error, "lock", where)));
  note_holder(lock);
  return SpoolLock(lock.release());
}

bool SpoolLock::held_elsewhere(const std::string& spool) {
  const auto folders = Folders::look(spool);
  const auto state = folders ? folders->open(Folder::state) : std::unexpected(folders.error());
  if (!state) return false;
  const auto lock = open_at(*state, kLock, O_RDONLY);
  return lock && locked_elsewhere(lock.get(), {.start = 0, .length = 0});
}

SpoolLock::SpoolLock(SpoolLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

SpoolLock& SpoolLock::operator=(SpoolLock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

SpoolLock::~SpoolLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice::adapters
