#include "posix/locks.hpp"

#include <fcntl.h>
#include <sys/vfs.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace sluice::adapters::posix {

namespace {

struct flock request(short type, Range range) {
  struct flock lock{};
  lock.l_type = type;
  lock.l_whence = SEEK_SET;
  lock.l_start = range.start;
  lock.l_len = range.length;
  return lock;
}

struct Known {
  std::uint32_t type;
  std::string_view name;
};

// linux/magic.h, and the filesystems' own headers where they are not in it.
constexpr Known kNetwork[] = {
    {0x6969, "NFS"},
    {0x517B, "SMB"},
    {0xFF534D42, "CIFS"},
    {0xFE534D42, "SMB2"},
    {0x65735546, "FUSE"},
    {0x564C, "NCP"},
    {0x73757245, "Coda"},
    {0x5346414F, "AFS"},
    {0x6B414653, "AFS"},
    {0x01021997, "9P"},
    {0x00C36400, "Ceph"},
    {0x7461636F, "OCFS2"},
    {0x01161970, "GFS2"},
    {0x0BD00BD0, "Lustre"},
    {0x19830326, "BeeGFS"},
    {0xAAD7AAEA, "PanFS"},
    {0x47504653, "GPFS"},
    {0x786F4256, "VirtualBox shared folder"},
    {0xBACBACBC, "VMware shared folder"},
};
/// Whether one of its open files has a lock on this inode: "lock: 1: OFDLCK ADVISORY WRITE -1 fd:01:4711 0 8191".
bool has_lock_on(const std::filesystem::path& process, const std::string& inode) {
  std::error_code gone;
  for (const auto& open_file : std::filesystem::directory_iterator(process / "fdinfo", gone)) {
    std::ifstream info(open_file.path());
    for (std::string line; std::getline(info, line);) {
      if (line.starts_with("lock:") && line.contains(" WRITE ") && line.contains(inode)) return true;
    }
  }
  return false;
}

}  // namespace

bool try_lock(int fd, Range range) {
  struct flock lock = request(F_WRLCK, range);
  return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

bool try_share(int fd, Range range) {
  struct flock lock = request(F_RDLCK, range);
  return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

void unlock(int fd, Range range) {
  struct flock lock = request(F_UNLCK, range);
  fcntl(fd, F_OFD_SETLK, &lock);
}

bool locked_elsewhere(int fd, Range range) {
  struct flock lock = request(F_WRLCK, range);
  return fcntl(fd, F_OFD_GETLK, &lock) != 0 || lock.l_type != F_UNLCK;
}

std::optional<pid_t> holder_of_lock(int fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0) return std::nullopt;
  const std::string inode = ":" + std::to_string(about.st_ino) + " 0 ";  // the state's lock begins at byte 0
  std::error_code gone;
  for (const auto& process : std::filesystem::directory_iterator("/proc", gone)) {
    const int pid = std::atoi(process.path().filename().c_str());
    if (pid > 0 && pid != ::getpid() && has_lock_on(process.path(), inode)) return pid;
  }
  return std::nullopt;
}

Lease take_lease(const Fd& file) {
  if (::fcntl(file.get(), F_SETSIG, SIGURG) == -1) return Lease::unavailable;
  const int error = errno_of([&] { return ::fcntl(file.get(), F_SETLEASE, F_RDLCK); });
  if (error == 0) return Lease::held;
  return error == EAGAIN ? Lease::refused : Lease::unavailable;
}

bool lease_holds(const Fd& file) {
  return ::fcntl(file.get(), F_GETLEASE) == F_RDLCK;
}

std::optional<std::string_view> network_filesystem(long type) {
  for (const Known& known : kNetwork)
    if (known.type == static_cast<std::uint32_t>(type)) return known.name;
  return std::nullopt;
}

std::optional<std::string_view> network_filesystem_of(int fd) {
  struct statfs about{};
  if (fstatfs(fd, &about) != 0) return std::nullopt;
  return network_filesystem(static_cast<long>(about.f_type));
}

}  // namespace sluice::adapters::posix
