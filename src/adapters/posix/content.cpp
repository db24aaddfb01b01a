#include "posix/content.hpp"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <vector>

#include "posix/error.hpp"

namespace sluice::adapters::posix {
namespace {

constexpr std::size_t kAtOnce = 1 << 20;

/// What copy_file_range(2) says where it can't do it at all.
bool unsupported(int error) {
  return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

/// A stretch of data, to the same place in the other file. 0 or errno.
int copy_in_kernel(const Fd& from, const Fd& to, off_t at, off_t end) {
  while (at < end) {
    off_t in = at;
    off_t out = at;
    const auto copied = uninterrupted(
        [&] { return ::copy_file_range(from.get(), &in, to.get(), &out, static_cast<std::size_t>(end - at), 0); });
    if (copied == 0) return 0;
    if (copied < 0) return errno;
    at += copied;
  }
  return 0;
}

int copy_by_hand(const Fd& from, const Fd& to, off_t at, off_t end) {
  std::vector<char> buffer(kAtOnce);
  while (at < end) {
    const auto wanted = std::min<std::size_t>(buffer.size(), static_cast<std::size_t>(end - at));
    const auto got = uninterrupted([&] { return ::pread(from.get(), buffer.data(), wanted, at); });
    if (got == 0) return 0;
    if (got < 0 || ::lseek(to.get(), at, SEEK_SET) != at) return errno;
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (const int error = write_all(to, bytes)) return error;
    at += got;
  }
  return 0;
}

int copy_stretch(const Fd& from, const Fd& to, off_t at, off_t end) {
  const int error = copy_in_kernel(from, to, at, end);
  return unsupported(error) ? copy_by_hand(from, to, at, end) : error;
}

}  // namespace

std::expected<std::size_t, int> read_fully(const Fd& fd, char* into, std::size_t size, std::uint64_t offset) {
  std::size_t done = 0;
  while (done < size) {
    const auto got =
        uninterrupted([&] { return ::pread(fd.get(), into + done, size - done, static_cast<off_t>(offset + done)); });
    if (got < 0) return std::unexpected(errno);
    if (got == 0) break;
    done += static_cast<std::size_t>(got);
  }
  return done;
}

int copy_bytes(const Fd& from, const Fd& to) {
  if (::ioctl(to.get(), FICLONE, from.get()) == 0) return 0;
  struct stat whole{};
  if (::fstat(from.get(), &whole) != 0) return errno;
  for (off_t at = 0; at < whole.st_size;) {
    off_t begin = ::lseek(from.get(), at, SEEK_DATA);
    if (begin < 0 && errno == ENXIO) break;  // a hole to the end
    const off_t hole = begin < 0 ? -1 : ::lseek(from.get(), begin, SEEK_HOLE);
    const off_t end = hole < 0 ? whole.st_size : hole;  // a file system that knows no holes
    begin = std::max(begin, at);
    if (const int error = copy_stretch(from, to, begin, end)) return error;
    at = end;
  }
  return errno_of([&] { return ::ftruncate(to.get(), whole.st_size); });
}

int write_all(const Fd& to, std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto written = uninterrupted([&] { return ::write(to.get(), bytes.data(), bytes.size()); });
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace sluice::adapters::posix
