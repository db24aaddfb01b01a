#include "posix_content.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <memory>

#include "posix_error.hpp"

namespace sluice::adapters {
namespace {

constexpr std::size_t kHashedAtOnce = 1 << 18;

struct EndDigest {
  void operator()(EVP_MD_CTX* context) const { ::EVP_MD_CTX_free(context); }
};

std::string hex(const unsigned char* bytes, unsigned size) {
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

Result<std::string> hash_of_content(const Fd& fd, const std::string& shown) {
  const std::unique_ptr<EVP_MD_CTX, EndDigest> context(::EVP_MD_CTX_new());
  if (!context || ::EVP_DigestInit_ex(context.get(), ::EVP_sha256(), nullptr) != 1) {
    return fail(ErrorKind::io, "OpenSSL has no SHA-256");
  }
  std::string bytes(kHashedAtOnce, '\0');
  for (std::uint64_t offset = 0;;) {
    const auto got = read_fully(fd, bytes.data(), bytes.size(), offset);
    if (!got) return fail_with(got.error(), "read", shown);
    ::EVP_DigestUpdate(context.get(), bytes.data(), *got);
    offset += *got;
    if (*got < bytes.size()) break;
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_DigestFinal_ex(context.get(), digest.data(), &size);
  return hex(digest.data(), size);
}

}  // namespace sluice::adapters
