#include "posix/content_hash.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <algorithm>

#include "posix/content.hpp"
#include "posix/error.hpp"

namespace sluice::adapters::posix {
namespace {

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
struct EndTag {
  void operator()(EVP_MAC_CTX* context) const { ::EVP_MAC_CTX_free(context); }
};
using Tagging = std::unique_ptr<EVP_MAC_CTX, EndTag>;

/// Under the process's key; null: there is none.
EVP_MAC_CTX* tagging_of_this_process() {
  static const Tagging kOurs = [] {
    std::array<unsigned char, 32> key{};
    EVP_MAC* poly1305 = ::EVP_MAC_fetch(nullptr, "POLY1305", nullptr);
    Tagging ours(poly1305 == nullptr ? nullptr : ::EVP_MAC_CTX_new(poly1305));
    ::EVP_MAC_free(poly1305);
    const bool begun = ours && ::getrandom(key.data(), key.size(), 0) == static_cast<ssize_t>(key.size()) &&
                       ::EVP_MAC_init(ours.get(), key.data(), key.size(), nullptr) == 1;
    return begun ? std::move(ours) : Tagging();
  }();
  return kOurs.get();
}

Tagging begin_tag() {
  const auto* ours = tagging_of_this_process();
  return Tagging(ours == nullptr ? nullptr : ::EVP_MAC_CTX_dup(ours));
}

std::unique_ptr<EVP_MD_CTX, EndDigest> begin_sha256() {
  std::unique_ptr<EVP_MD_CTX, EndDigest> digest(::EVP_MD_CTX_new());
  const bool begun = digest && ::EVP_DigestInit_ex(digest.get(), ::EVP_sha256(), nullptr) == 1;
  return begun ? std::move(digest) : nullptr;
}

}  // namespace

struct ContentHash::Context {
  explicit Context(Takes takes)
      : sha256(takes == Takes::both ? begin_sha256() : nullptr), broken(takes == Takes::both && !sha256) {}

  std::unique_ptr<EVP_MD_CTX, EndDigest> sha256;
  bool broken;
  Tagging tag = begin_tag();
  std::string bytes;
};

ContentHash::ContentHash(Takes takes) : context_(std::make_unique<Context>(takes)) {}
ContentHash::~ContentHash() = default;

Result<bool> ContentHash::take_some(const Fd& fd, const std::string& shown) {
  auto& bytes = context_->bytes;
  if (bytes.empty()) bytes.resize(buffer_for(fd));
  const auto until = offset_ + kHashedAtATime;
  while (offset_ < until) {
    const auto got = read_fully(fd, bytes.data(), bytes.size(), offset_);
    if (!got) return fail_with(got.error(), text::words::do_read(), shown);
    if (auto taken = take({bytes.data(), *got}); !taken) return std::unexpected(std::move(taken.error()));
    offset_ += *got;
    if (*got < bytes.size()) return true;
  }
  return false;
}

Result<void> ContentHash::take(std::string_view bytes) {
  if (context_->broken) return fail(ErrorKind::io, text::words::no_sha256());
  if (context_->sha256) ::EVP_DigestUpdate(context_->sha256.get(), bytes.data(), bytes.size());
  if (context_->tag) {
    ::EVP_MAC_update(context_->tag.get(), reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  }
  return {};
}

std::string ContentHash::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  ::EVP_DigestFinal_ex(context_->sha256.get(), digest.data(), &size);
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

std::optional<ContentTag> ContentHash::tag() {
  ContentTag tag;
  std::size_t size = 0;
  const bool made = context_->tag && ::EVP_MAC_final(context_->tag.get(), tag.data(), &size, tag.size()) == 1;
  return made && size == tag.size() ? std::optional(tag) : std::nullopt;
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
