#include "ledger/salvage_copy.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "ledger/connection.hpp"
#include "posix/error.hpp"
#include "posix/fd.hpp"

namespace sluice::adapters::ledger {
namespace {

constexpr std::size_t kPage = 4096;

Result<void> write_at(const posix::Fd& file, const std::string& path, const char* bytes, std::size_t size,
                      std::uint64_t offset) {
  while (size > 0) {
    const auto written = ::pwrite(file.get(), bytes, size, static_cast<off_t>(offset));
    if (written < 0 && errno != EINTR) return posix::fail_with(errno, text::words::do_write(), path);
    const auto step = static_cast<std::size_t>(std::max<ssize_t>(written, 0));
    bytes += step;
    size -= step;
    offset += step;
  }
  return {};
}

Result<void> copy_pages(const std::string& from, const std::string& to, std::vector<std::string>& damage) {
  const posix::Fd source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source) return posix::fail_with(errno, text::words::do_read(), from);
  const posix::Fd target(::open(to.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
  if (!target) return posix::fail_with(errno, text::words::do_create(), to);
  struct stat whole{};
  if (::fstat(source.get(), &whole) != 0) return posix::fail_with(errno, text::words::do_read(), from);
  std::array<char, kPage> page;
  for (std::uint64_t offset = 0; offset < static_cast<std::uint64_t>(whole.st_size); offset += kPage) {
    page.fill(0);
    if (::pread(source.get(), page.data(), kPage, static_cast<off_t>(offset)) < 0) {
      damage.push_back(fmt::format("{}: the disk can't read the block at byte {}", from, offset));
      page.fill(0);
    }
    if (auto done = write_at(target, to, page.data(), kPage, offset); !done) return done;
  }
  return {};
}

void put_big_endian(char* at, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) *at++ = static_cast<char>(value >> shift);
}

}  // namespace

SalvageCopy::~SalvageCopy() {
  remove();
}

void SalvageCopy::remove() const {
  for (const char* suffix : {"", "-wal", "-shm", ".new", ".new-wal", ".new-shm"}) ::unlink((path_ + suffix).c_str());
}

Result<void> SalvageCopy::make(std::vector<std::string>& damage) {
  remove();
  // A copy is worked on, never the original: what a repair gets wrong can be tried again, and people may want to look
  // for themselves.
  if (auto done = copy_pages(from_, path_, damage); !done) return done;
  // The log too: what was committed last is only there until a checkpoint brings it home.
  if (auto done = copy_pages(from_ + "-wal", path_ + "-wal", damage);
      !done && done.error().kind != ErrorKind::missing) {
    return done;
  }
  return {};
}

Result<void> SalvageCopy::replace_first_page(std::size_t steps) {
  const std::string fresh = path_ + ".new";
  for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((fresh + suffix).c_str());
  const auto schema = ledger_schema_steps().first(steps);
  if (auto opened = open_file(fresh, {}, schema); !opened) return std::unexpected(opened.error());  // and closed: whole
  std::array<char, kPage> page;
  const posix::Fd source(::open(fresh.c_str(), O_RDONLY | O_CLOEXEC));
  if (!source || ::pread(source.get(), page.data(), kPage, 0) != kPage)
    return posix::fail_with(errno, text::words::do_read(), fresh);
  const posix::Fd target(::open(path_.c_str(), O_WRONLY | O_CLOEXEC));
  struct stat whole{};
  if (!target || ::fstat(target.get(), &whole) != 0) return posix::fail_with(errno, text::words::do_write(), path_);
  // sqlite.org/fileformat2.html, 1.3: at 28 how many pages there are, at 32 the list of free ones, of which we know
  // nothing and need nothing.
  put_big_endian(page.data() + 28, static_cast<std::uint32_t>(static_cast<std::size_t>(whole.st_size) / kPage));
  put_big_endian(page.data() + 32, 0);
  put_big_endian(page.data() + 36, 0);
  return write_at(target, path_, page.data(), kPage, 0);
}

}  // namespace sluice::adapters::ledger
