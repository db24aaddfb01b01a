#include "sluice/adapters/spool/lock.hpp"

#include <fmt/format.h>

#include <array>
#include <string>

#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr const char* kLock = "lock";

std::string holder(const posix::Fd& lock) {
  std::array<char, 32> text{};
  const auto got = ::pread(lock.get(), text.data(), text.size(), 0);
  std::string pid(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  pid.erase(std::min(pid.find_first_not_of("0123456789"), pid.size()));
  return pid.empty() ? "" : text::words::with_pid(pid);
}

void note_holder(const posix::Fd& lock) {
  const auto pid = fmt::format("{}\n", ::getpid());
  // Only for people: a lock whose number can't be written is held all the same.
  if (::ftruncate(lock.get(), 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(lock.get(), pid.data(), pid.size(), 0);
}

}  // namespace

Result<Lock> Lock::take(const std::string& spool) {
  const auto folders = Folders::make(spool);
  if (!folders) return std::unexpected(folders.error());
  const auto state = folders->open(Folder::state);
  if (!state) return std::unexpected(posix::unusable(state.error()));
  // Never removed: a lock on a file without a name excludes nobody who makes a new one.
  auto lock = posix::open_at(*state, kLock, O_RDWR | O_CREAT, 0600);
  const auto where = folders->shown(Folder::state, kLock);
  if (!lock) return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_open(), where)));
  const int error = posix::try_lock(lock.get(), {.start = 0, .length = 0}) ? 0 : errno;  // 0: to the end, however long
  if (error == EAGAIN || error == EACCES) {
    return fail(ErrorKind::busy, text::words::another_works(holder(lock), where));
  }
  if (error != 0) return std::unexpected(posix::unusable(posix::system_error(error, text::words::do_lock(), where)));
  note_holder(lock);
  return Lock(lock.release());
}

bool Lock::held_elsewhere(const std::string& spool) {
  // Makes nothing: who only asks must not leave folders behind, of a wrong owner perhaps.
  const auto folders = Folders::look(spool);
  const auto state = folders ? folders->open(Folder::state) : std::unexpected(folders.error());
  if (!state) return false;
  const auto lock = posix::open_at(*state, kLock, O_RDONLY);
  return lock && posix::locked_elsewhere(lock.get(), {.start = 0, .length = 0});
}

Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace sluice::adapters::spool
