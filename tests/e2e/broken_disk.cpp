// A disk that fails while the program runs, for LD_PRELOAD: no mount can be made read-only, nor lose its sectors, under
// a process that has files open on it. SLUICE_BROKEN_DISK names the root of a file system and SLUICE_BROKEN_SWITCH a
// file elsewhere: while that holds a number, every change of that file system fails with it as errno; with an `r`
// behind the number every read does, too.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <string>

namespace {

struct Fault {
  int error = 0;
  bool reads = false;
};

Fault fault() {
  const char* path = std::getenv("SLUICE_BROKEN_SWITCH");
  const auto file = path == nullptr ? -1 : syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  char text[16] = {};
  const auto got = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  char* end = nullptr;
  const auto error = got > 0 ? std::strtol(text, &end, 10) : 0;
  return {.error = static_cast<int>(error), .reads = end != nullptr && *end == 'r'};
}

bool on_that_disk(const struct stat& there) {
  const char* root = std::getenv("SLUICE_BROKEN_DISK");
  struct stat disk{};
  return root != nullptr && ::stat(root, &disk) == 0 && disk.st_dev == there.st_dev;
}

bool holds(int fd) {
  struct stat s{};
  return ::fstat(fd, &s) == 0 && (S_ISREG(s.st_mode) || S_ISDIR(s.st_mode)) && on_that_disk(s);
}

/// The folder that a path's last name is, or would be, in.
bool holds(int folder, const char* path) {
  std::string parent(path);
  const auto slash = parent.rfind('/');
  parent = slash == std::string::npos ? "." : parent.substr(0, slash + 1);
  struct stat s{};
  return ::fstatat(folder, parent.c_str(), &s, 0) == 0 && on_that_disk(s);
}

/// Sets errno when it fails. Otherwise errno is as before: a caller may have one at heart.
template <class... Where>
bool fails(bool changes, Where... where) {
  const int before = errno;
  const auto now = fault();
  const bool failing = now.error != 0 && (changes || now.reads) && holds(where...);
  errno = failing ? now.error : before;
  return failing;
}

int open_by_call(int folder, const char* path, int flags, mode_t mode) {
  const bool changes = (flags & (O_WRONLY | O_RDWR | O_CREAT | O_TRUNC)) != 0;
  if (changes && fails(true, folder, path)) return -1;
  return static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
}

mode_t mode_of(int flags, va_list more) {
  return (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
}

template <class... Arguments>
int call(long number, Arguments... arguments) {
  return static_cast<int>(syscall(number, arguments...));
}

}  // namespace

#define SLUICE_OPEN(name)                             \
  int name(const char* path, int flags, ...) {        \
    va_list more;                                     \
    va_start(more, flags);                            \
    const mode_t mode = mode_of(flags, more);         \
    va_end(more);                                     \
    return open_by_call(AT_FDCWD, path, flags, mode); \
  }
#define SLUICE_OPENAT(name)                                \
  int name(int folder, const char* path, int flags, ...) { \
    va_list more;                                          \
    va_start(more, flags);                                 \
    const mode_t mode = mode_of(flags, more);              \
    va_end(more);                                          \
    return open_by_call(folder, path, flags, mode);        \
  }

extern "C" {

SLUICE_OPEN(open)
SLUICE_OPEN(open64)
SLUICE_OPENAT(openat)
SLUICE_OPENAT(openat64)

ssize_t write(int fd, const void* bytes, size_t size) {
  return fails(true, fd) ? -1 : syscall(SYS_write, fd, bytes, size);
}
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return fails(true, fd) ? -1 : syscall(SYS_pwrite64, fd, bytes, size, at);
}
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at) {
  return pwrite(fd, bytes, size, at);
}
ssize_t read(int fd, void* bytes, size_t size) {
  return fails(false, fd) ? -1 : syscall(SYS_read, fd, bytes, size);
}
ssize_t pread(int fd, void* bytes, size_t size, off_t at) {
  return fails(false, fd) ? -1 : syscall(SYS_pread64, fd, bytes, size, at);
}
ssize_t pread64(int fd, void* bytes, size_t size, off64_t at) {
  return pread(fd, bytes, size, at);
}
ssize_t preadv2(int fd, const iovec* pieces, int count, off_t at, int flags) {
  return fails(false, fd) ? -1 : syscall(SYS_preadv2, fd, pieces, count, at, 0, flags);
}
ssize_t preadv64v2(int fd, const iovec* pieces, int count, off64_t at, int flags) {
  return preadv2(fd, pieces, count, at, flags);
}
int fsync(int fd) {
  return fails(true, fd) ? -1 : call(SYS_fsync, fd);
}
int fdatasync(int fd) {
  return fails(true, fd) ? -1 : call(SYS_fdatasync, fd);
}
int ftruncate(int fd, off_t size) noexcept {
  return fails(true, fd) ? -1 : call(SYS_ftruncate, fd, size);
}
int ftruncate64(int fd, off64_t size) noexcept {
  return ftruncate(fd, size);
}
int renameat2(int from, const char* name, int to, const char* as, unsigned flags) noexcept {
  return fails(true, from, name) ? -1 : call(SYS_renameat2, from, name, to, as, flags);
}
int renameat(int from, const char* name, int to, const char* as) noexcept {
  return renameat2(from, name, to, as, 0);
}
int unlinkat(int folder, const char* name, int flags) noexcept {
  return fails(true, folder, name) ? -1 : call(SYS_unlinkat, folder, name, flags);
}
int symlinkat(const char* target, int folder, const char* name) noexcept {
  return fails(true, folder, name) ? -1 : call(SYS_symlinkat, target, folder, name);
}
/// One that is read-only says so.
int statvfs(const char* path, struct statvfs* disk) noexcept {
  static const auto real = reinterpret_cast<int (*)(const char*, struct statvfs*)>(dlsym(RTLD_NEXT, "statvfs"));
  const int done = real(path, disk);
  const int before = errno;
  if (done == 0 && fails(true, AT_FDCWD, path) && errno == EROFS) disk->f_flag |= ST_RDONLY;
  errno = before;
  return done;
}

}  // extern "C"
