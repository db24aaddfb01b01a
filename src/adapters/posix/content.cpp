#include "posix/content.hpp"

#include <fmt/format.h>
#include <linux/fs.h>
#include <openssl/evp.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <array>
#include <memory>
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

constexpr std::size_t kHashedAtOnce = 1 << 18;
constexpr std::uint64_t kHashedAtATime = 8 << 20;  // a few hundredths of a second: as often a caller may call it off

/// For a file of three rows no memory for a large one: clearing it would cost more than the hash.
std::size_t buffer_for(const Fd& fd) {
  struct stat s{};
  const bool known = ::fstat(fd.get(), &s) == 0;
  // One more than there is, so that the first read finds the end.
  return known ? std::min(static_cast<std::size_t>(s.st_size) + 1, kHashedAtOnce) : kHashedAtOnce;
}

struct EndDigest {
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

std::string in_hex(const unsigned char* bytes, unsigned size) {
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", bytes[i]);
  return text;
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

struct ContentHash::Context {
  std::unique_ptr<EVP_MD_CTX, EndDigest> digest{::EVP_MD_CTX_new()};
  bool begun = digest && ::EVP_DigestInit_ex(digest.get(), ::EVP_sha256(), nullptr) == 1;
  std::string bytes;
};

ContentHash::ContentHash() : context_(std::make_unique<Context>()) {}
ContentHash::~ContentHash() = default;

Result<bool> ContentHash::take_some(const Fd& fd, const std::string& shown) {
  auto& [digest, begun, bytes] = *context_;
  if (!begun) return fail(ErrorKind::io, text::words::no_sha256());
  if (bytes.empty()) bytes.resize(buffer_for(fd));
  const auto until = offset_ + kHashedAtATime;
  while (offset_ < until) {
    const auto got = read_fully(fd, bytes.data(), bytes.size(), offset_);
    if (!got) return fail_with(got.error(), text::words::do_read(), shown);
    ::EVP_DigestUpdate(digest.get(), bytes.data(), *got);
    offset_ += *got;
    if (*got < bytes.size()) return true;
  }
  return false;
}

std::string ContentHash::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_DigestFinal_ex(context_->digest.get(), digest.data(), &size);
  return in_hex(digest.data(), size);
}

Result<std::string> hash_of_content(const Fd& fd, const std::string& shown) {
  ContentHash hash;
  while (true) {
    const auto whole = hash.take_some(fd, shown);
    if (!whole) return std::unexpected(whole.error());
    if (*whole) return hash.hex();
  }
}

}  // namespace sluice::adapters::posix
