#include "sluice/adapters/spool/plain_file.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "posix/content.hpp"
#include "posix/content_hash.hpp"
#include "posix/error.hpp"
#include "posix/fd.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::adapters::spool {

namespace {

constexpr std::size_t kShownPath = 4096;

class PlainFile final : public ports::ClaimedFile {
 public:
  PlainFile(posix::Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

  ports::Task<Result<ports::FileIdentity>> identity() override {
    struct stat now{};
    if (::fstat(fd_.get(), &now) != 0) co_return posix::fail_with(errno, text::words::do_look_at(), path_);
    co_return posix::identity_of(now);
  }

  using ClaimedFile::content_hash;
  ports::Task<Result<std::string>> content_hash(std::function<bool()>) override {
    co_return posix::hash_of_content(fd_, path_);
  }

  ports::Task<Result<std::string>> read_at(std::uint64_t offset, std::size_t size) override {
    std::string bytes(size, '\0');
    const auto got = posix::read_fully(fd_, bytes.data(), size, offset);
    if (!got) co_return posix::fail_with(got.error(), text::words::do_read(), path_);
    bytes.resize(*got);
    co_return bytes;
  }

  ports::Task<Result<std::string>> read_rows(std::vector<records::RowRef> rows, ports::FileIdentity) override {
    std::string raw;
    for (const auto& row : rows) {
      auto bytes = co_await read_at(row.offset, row.length);
      if (!bytes) co_return std::unexpected(bytes.error());
      raw += *bytes;
    }
    co_return raw;
  }

 private:
  posix::Fd fd_;
  std::string path_;
};

posix::Fd open_to_read(const std::string& path, int more) {
  return posix::Fd(
      posix::uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | more); }));
}

}  // namespace

Result<std::unique_ptr<ports::ClaimedFile>> open_plain_file(const std::string& path) {
  const auto shown = text::shown(path, kShownPath);
  auto fd = open_to_read(path, 0);
  if (fd.get() < 0) return posix::fail_with(errno, text::words::do_open(), shown);
  struct stat now{};
  if (::fstat(fd.get(), &now) != 0) return posix::fail_with(errno, text::words::do_look_at(), shown);
  if (S_ISDIR(now.st_mode)) {
    return fail(ErrorKind::bad_input, text::words::is_a_folder(shown));
  }
  if (!S_ISREG(now.st_mode)) return fail(ErrorKind::bad_input, text::words::no_regular_file(shown));
  return std::make_unique<PlainFile>(std::move(fd), shown);
}

Result<std::unique_ptr<ports::ClaimedFile>> open_own_file(const std::string& path) {
  // In outbox/ others may write: a link put in a file's place must not lead `recover` to read, and believe, something
  // else.
  auto fd = open_to_read(path, O_NOFOLLOW);
  if (fd.get() < 0) return posix::fail_with(errno, text::words::do_open(), path);
  struct stat now{};
  if (::fstat(fd.get(), &now) != 0) return posix::fail_with(errno, text::words::do_look_at(), path);
  if (!S_ISREG(now.st_mode) || now.st_uid != ::geteuid() || now.st_nlink != 1)
    return fail(ErrorKind::changed, text::words::not_what_sluice_wrote(path));
  return std::make_unique<PlainFile>(std::move(fd), path);
}

}  // namespace sluice::adapters::spool
