#include "spool/secret.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>

#include <utility>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/move.hpp"
#include "sluice/adapters/spool/look_at_secret.hpp"
#include "sluice/adapters/spool/replace_secret.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr const char* kSecret = "secret";
constexpr std::size_t kSize = 32;

Result<std::string> read_secret(const Folders& folders, const posix::Fd& file) {
  const auto shown = folders.shown(Folder::state, kSecret);
  std::string bytes(kSize + 1, '\0');
  struct stat now{};
  if (::fstat(file.get(), &now) != 0) return posix::fail_with(errno, text::words::do_look_at(), shown);
  const auto got = S_ISREG(now.st_mode) ? posix::read_fully(file, bytes.data(), bytes.size(), 0) : 0;
  if (!got) return posix::fail_with(got.error(), text::words::do_read(), shown);
  if (*got != kSize) {
    return fail(ErrorKind::config, text::words::secret_is_other(shown, kSize));
  }
  bytes.resize(kSize);
  return bytes;
}

std::string temporary_of(const Folders& folders) {
  return folders.host().empty() ? "secret.tmp" : "secret.tmp." + folders.host();
}

enum class Another : std::uint8_t {
  stays,       ///< kind `exists`: another host of the spool was quicker
  is_replaced  ///< by an account's, when its ledger comes home
};

int give_its_name(const posix::Fd& state, const std::string& temporary, Another another) {
  if (another == Another::is_replaced)
    return posix::errno_of([&] { return ::renameat(state.get(), temporary.c_str(), state.get(), kSecret); });
  return posix::move_without_replacing(state, temporary.c_str(), state, kSecret, posix::Target::shared);
}

/// Durable under its name before anything is hashed with it.
Result<std::string> write_secret(const Folders& folders, const posix::Fd& state, std::string bytes, Another another) {
  const auto shown = folders.shown(Folder::state, kSecret);
  const auto temporary = temporary_of(folders);
  ::unlinkat(state.get(), temporary.c_str(), 0);  // of a start that was cut off
  const auto file = posix::open_at(state, temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
  if (!file) return posix::fail_with(errno, text::words::do_create(), shown);
  std::string_view left = bytes;
  if (const int error = posix::write_all(file, left)) return posix::fail_with(error, text::words::do_write(), shown);
  if (const int error = posix::errno_of([&] { return ::fsync(file.get()); }))
    return posix::fail_with(error, text::words::do_fsync(), shown);
  if (const int error = give_its_name(state, temporary, another)) {
    ::unlinkat(state.get(), temporary.c_str(), 0);
    return posix::fail_with(error, text::words::do_make(), shown);
  }
  if (const int error = posix::errno_of([&] { return ::fsync(state.get()); }))
    return posix::fail_with(error, text::words::do_fsync_folder_of(), shown);
  return bytes;
}

Result<std::string> make_secret(const Folders& folders, const posix::Fd& state) {
  std::string bytes(kSize, '\0');
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(kSize))
    return posix::fail_with(errno, text::words::do_draw(), folders.shown(Folder::state, kSecret));
  return write_secret(folders, state, std::move(bytes), Another::stays);
}

}  // namespace

Result<void> replace_secret(const std::string& spool, const std::string& secret) {
  const auto folders = Folders::look(spool);
  if (!folders) return std::unexpected(folders.error());
  const auto state = folders->open(Folder::state);
  if (!state) return std::unexpected(state.error());
  if (secret.size() != kSize)
    return fail(ErrorKind::config, text::words::secret_is_other(folders->shown(Folder::state, kSecret), kSize));
  const auto written = write_secret(*folders, **state, secret, Another::is_replaced);
  return written ? Result<void>{} : std::unexpected(written.error());
}

std::string look_at_secret(const std::string& spool) {
  const posix::Fd file(::open(fmt::format("{}/state/{}", spool, kSecret).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::string bytes(kSize, '\0');
  const auto got = file ? posix::read_fully(file, bytes.data(), bytes.size(), 0) : 0;
  return got && *got == kSize ? bytes : "";
}

Result<std::string> read_or_make_secret(const Folders& folders) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  auto file = posix::open_at(**state, kSecret, O_RDONLY);
  if (file) return read_secret(folders, file);
  if (errno != ENOENT) return posix::fail_with(errno, text::words::do_open(), folders.shown(Folder::state, kSecret));
  auto made = make_secret(folders, **state);
  if (made || made.error().kind != ErrorKind::exists) return made;
  file = posix::open_at(**state, kSecret, O_RDONLY);
  return file ? read_secret(folders, file) : made;
}

}  // namespace sluice::adapters::spool
