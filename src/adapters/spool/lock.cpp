#include "sluice/adapters/spool/lock.hpp"

#include <fmt/format.h>

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "posix/error.hpp"
#include "posix/locks.hpp"
#include "sluice/text/words/spool.hpp"
#include "spool/folders.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr posix::Range kWhole{.start = 0, .length = 0};  // 0: to the end, however long
constexpr const char* kLock = "lock";

std::string name_of(const std::string& host) {
  return host.empty() ? kLock : fmt::format("{}.{}", kLock, host);
}

/// Who has it, and the file's number as that one sees it.
struct Holder {
  std::string pid;
  std::uint64_t inode = 0;
};

Holder holder_of(const posix::Fd& lock) {
  std::array<char, 64> text{};
  const auto got = ::pread(lock.get(), text.data(), text.size(), 0);
  const std::string_view said(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const auto end = std::min(said.find_first_not_of("0123456789"), said.size());
  Holder holder{.pid = std::string(said.substr(0, end))};
  if (end < said.size()) std::from_chars(said.data() + end + 1, said.data() + said.size(), holder.inode);
  return holder;
}

void note_holder(const posix::Fd& lock) {
  struct stat about{};
  ::fstat(lock.get(), &about);
  const auto said = fmt::format("{} {}\n", ::getpid(), about.st_ino);
  // Only for people and for the probe: a lock whose holder can't be written down is held all the same.
  if (::ftruncate(lock.get(), 0) != 0) return;
  [[maybe_unused]] const auto written = ::pwrite(lock.get(), said.data(), said.size(), 0);
}

Result<posix::Fd> take_one(const Folders& folders, const std::string& name, bool (&take)(int, posix::Range)) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(posix::unusable(state.error()));
  const auto where = folders.shown(Folder::state, name);
  // Never removed: a lock on a file without a name excludes nobody who makes a new one.
  auto lock = posix::open_at(**state, name.c_str(), O_RDWR | O_CREAT, 0600);
  if (!lock) return std::unexpected(posix::unusable(posix::system_error(errno, text::words::do_open(), where)));
  const int error = take(lock.get(), kWhole) ? 0 : errno;
  if (error == 0) return lock;
  if (error != EAGAIN && error != EACCES)
    return std::unexpected(posix::unusable(posix::system_error(error, text::words::do_lock(), where)));
  const auto pid = holder_of(lock).pid;
  return fail(ErrorKind::busy, text::words::another_works(pid.empty() ? "" : text::words::with_pid(pid), where));
}

/// Makes nothing: who only asks must not leave folders behind, of a wrong owner perhaps.
posix::Fd open_to_look(const std::string& spool, const std::string& host) {
  const auto folders = Folders::look(spool);
  const auto state = folders ? folders->open(Folder::state) : std::unexpected(folders.error());
  return state ? posix::open_at(**state, name_of(host).c_str(), O_RDONLY) : posix::Fd{};
}

}  // namespace

Result<Lock> Lock::take(const std::string& spool, const std::string& host) {
  const auto folders = Folders::make(spool, host);
  if (!folders) return std::unexpected(folders.error());
  posix::Fd together;
  if (!host.empty()) {
    auto shared = take_one(*folders, kLock, posix::try_share);
    if (!shared) return std::unexpected(shared.error());
    together = std::move(*shared);
    [[maybe_unused]] const int ignored = ::ftruncate(together.get(), 0);  // the pid of one that worked it alone
  }
  auto own = take_one(*folders, name_of(host), posix::try_lock);
  if (!own) return std::unexpected(own.error());
  note_holder(*own);
  return Lock(own->release(), together.release());
}

bool Lock::held_elsewhere(const std::string& spool, const std::string& host) {
  const auto lock = open_to_look(spool, host);
  return lock && posix::locked_elsewhere(lock.get(), kWhole);
}

Lock::Sight Lock::look_at(const std::string& spool, const std::string& host) {
  const auto lock = open_to_look(spool, host);
  struct stat about{};
  if (!lock || ::fstat(lock.get(), &about) != 0) return Sight::missing;
  if (!posix::locked_elsewhere(lock.get(), kWhole)) return Sight::free;
  return holder_of(lock).inode == about.st_ino ? Sight::held : Sight::other_number;
}

Lock::Lock(Lock&& other) noexcept : fd_(std::exchange(other.fd_, -1)), together_(std::exchange(other.together_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  std::swap(together_, other.together_);
  return *this;
}

Lock::~Lock() {
  if (fd_ >= 0) ::close(fd_);
  if (together_ >= 0) ::close(together_);
}

}  // namespace sluice::adapters::spool
