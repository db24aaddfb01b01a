#include "posix_copy.hpp"

#include <linux/fs.h>
#include <sys/ioctl.h>

#include <vector>

namespace sluice::adapters {
namespace {

constexpr std::size_t kAtOnce = 1 << 20;

/// What copy_file_range(2) says where it can't do it at all.
bool unsupported(int error) {
  return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP || error == EPERM;
}

int copy_in_kernel(const Fd& from, const Fd& to) {
  for (;;) {
    const auto copied = uninterrupted(
        [&] { return ::copy_file_range(from.get(), nullptr, to.get(), nullptr, std::size_t{1} << 30, 0); });
    if (copied == 0) return 0;
    if (copied < 0) return errno;
  }
}

int copy_by_hand(const Fd& from, const Fd& to) {
  std::vector<char> buffer(kAtOnce);
  if (::lseek(from.get(), 0, SEEK_SET) != 0 || ::lseek(to.get(), 0, SEEK_SET) != 0) return errno;
  for (;;) {
    const auto got = uninterrupted([&] { return ::read(from.get(), buffer.data(), buffer.size()); });
    if (got == 0) return 0;
    if (got < 0) return errno;
    std::string_view bytes(buffer.data(), static_cast<std::size_t>(got));
    if (const int error = write_all(to, bytes)) return error;
  }
}

}  // namespace

int copy_bytes(const Fd& from, const Fd& to) {
  if (::ioctl(to.get(), FICLONE, from.get()) == 0) return 0;
  const int error = copy_in_kernel(from, to);
  return unsupported(error) ? copy_by_hand(from, to) : error;
}

int write_all(const Fd& to, std::string_view& bytes) {
  while (!bytes.empty()) {
    const auto written = uninterrupted([&] { return ::write(to.get(), bytes.data(), bytes.size()); });
    if (written < 0) return errno;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace sluice::adapters
