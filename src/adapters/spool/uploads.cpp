#include "sluice/adapters/spool/uploads.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/statvfs.h>

#include <map>
#include <optional>
#include <system_error>

#include "posix/content.hpp"
#include "posix/content_hash.hpp"
#include "posix/error.hpp"
#include "posix/fd.hpp"
#include "posix/move.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/ports/file_names.hpp"
#include "sluice/text/shown.hpp"
#include "spool/offload.hpp"

namespace sluice::adapters::spool {

namespace {

constexpr std::string_view kHidden = ".upload.";

std::string beginning_of(const std::string& host) {
  return host.empty() ? std::string(kHidden) : std::string(kHidden) + host + ".";
}

constexpr std::uint64_t kSpareRoom = 64ULL << 20;  // the ledger must go on whatever people upload
constexpr int kMostNames = 1000;

Result<void> has_room(const posix::Fd& folder, std::uint64_t bytes, const std::string& shown) {
  struct statvfs disk{};
  if (::fstatvfs(folder.get(), &disk) != 0) return posix::fail_with(errno, text::words::do_write(), shown);
  const auto free = std::uint64_t{disk.f_bavail} * disk.f_frsize;
  if (free >= bytes && free - bytes >= kSpareRoom) return {};
  return posix::fail_with(ENOSPC, text::words::do_write(), shown);
}

/// `orders.csv`, then `orders (2).csv`.
std::string with_number(const std::string& name, int number) {
  if (number == 1) return name;
  const auto parts = ports::split_name(name);
  return fmt::format("{} ({}){}", parts.stem, number, parts.extension);
}

Result<std::string> place_in(const posix::Fd& inbox, const std::string& hidden, const std::string& name,
                             const std::string& ready_suffix) {
  for (int number = 1; number <= kMostNames; ++number) {
    const auto tried = with_number(name, number);
    const int error = posix::move_without_replacing(inbox, hidden.c_str(), inbox, tried.c_str(), posix::Target::shared);
    if (error == EEXIST) continue;
    if (error != 0) return posix::fail_with(error, text::words::do_rename_to(hidden), text::shown(tried));
    posix::sync(inbox);
    if (!ready_suffix.empty()) {
      const auto marker = tried + ready_suffix;
      const auto made = posix::open_at(inbox, marker.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0660);
      if (!made && errno != EEXIST) return posix::fail_with(errno, text::words::do_write(), text::shown(marker));
    }
    return tried;
  }
  return posix::fail_with(EEXIST, text::words::do_rename_to(hidden), text::shown(name));
}

}  // namespace

class Uploads::Impl {
 public:
  Impl(std::string inbox, const std::string& host)
      : path(std::move(inbox)),
        beginning(beginning_of(host)),
        folder(std::make_shared<posix::Fd>(posix::uninterrupted(
            [&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW); }))) {}

  Offload& work() {
    if (!offload_) offload_.emplace();
    return *offload_;
  }

  std::string hidden_name(const std::string& id) const { return beginning + id; }
  /// Ids have no dot, names of hosts may have: `a` must not take that of `a.b` for its own.
  bool is_ours(std::string_view name) const {
    return name.starts_with(beginning) && (beginning == kHidden || !name.substr(beginning.size()).contains('.'));
  }

  std::string path;
  std::string beginning;              ///< of the names of its files
  std::shared_ptr<posix::Fd> folder;  ///< shared with the work under way
  std::map<std::string, std::shared_ptr<posix::Fd>> open;

 private:
  std::optional<Offload> offload_;  ///< last: joined first
};

Uploads::Uploads(std::string inbox, const std::string& host) : impl_(std::make_unique<Impl>(std::move(inbox), host)) {}
Uploads::~Uploads() = default;

void Uploads::sweep() {
  const int fd = ::dup(impl_->folder->get());
  DIR* entries = fd < 0 ? nullptr : ::fdopendir(fd);
  if (entries == nullptr) {
    if (fd >= 0) ::close(fd);
    return;
  }
  ::rewinddir(entries);
  while (const dirent* entry = ::readdir(entries)) {
    if (impl_->is_ours(entry->d_name)) ::unlinkat(impl_->folder->get(), entry->d_name, 0);
  }
  ::closedir(entries);
}

ports::Task<Result<void>> Uploads::begin(std::string id, std::uint64_t bytes) {
  using Opened = Result<std::shared_ptr<posix::Fd>>;
  try {
    impl_->work();
  } catch (const std::system_error& error) {  // there are no threads to be had
    co_return fail(ErrorKind::no_handles, error.what());
  }
  auto opened =
      co_await impl_->work().anywhere([folder = impl_->folder, name = impl_->hidden_name(id), bytes]() -> Opened {
        if (auto room = has_room(*folder, bytes, name); !room) return std::unexpected(room.error());
        auto file = posix::open_at(*folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0640);
        if (!file) return posix::fail_with(errno, text::words::do_write(), name);
        return std::make_shared<posix::Fd>(std::move(file));
      });
  if (!opened) co_return std::unexpected(opened.error());
  impl_->open[id] = std::move(*opened);
  co_return Result<void>{};
}

ports::Task<Result<void>> Uploads::append(std::string id, std::string bytes) {
  return impl_->work().anywhere([folder = impl_->folder, file = impl_->open.at(id), name = impl_->hidden_name(id),
                                 bytes = std::move(bytes)]() -> Result<void> {
    auto done = has_room(*folder, bytes.size(), name);
    std::string_view left = bytes;
    if (const int error = done ? posix::write_all(*file, left) : 0)
      return posix::fail_with(error, text::words::do_write(), name);
    return done;
  });
}

ports::Task<Result<std::string>> Uploads::finish(std::string id) {
  auto file = impl_->open.at(id);
  impl_->open.erase(id);
  return impl_->work().anywhere(
      [folder = impl_->folder, file = std::move(file), name = impl_->hidden_name(id)]() -> Result<std::string> {
        if (const int error = posix::sync(*file)) return posix::fail_with(error, text::words::do_write(), name);
        const auto written = posix::open_at(*folder, name.c_str(), O_RDONLY);
        if (!written) return posix::fail_with(errno, text::words::do_open(), name);
        return posix::hash_of_content(written, name);
      });
}

Result<std::unique_ptr<ports::ClaimedFile>> Uploads::open(const std::string& id) const {
  return open_own_file(impl_->path + "/" + impl_->hidden_name(id));
}

ports::Task<Result<std::string>> Uploads::place(std::string id, std::string name, std::string ready_suffix) {
  return impl_->work().anywhere([folder = impl_->folder, hidden = impl_->hidden_name(id), name = std::move(name),
                                 suffix = std::move(ready_suffix)] { return place_in(*folder, hidden, name, suffix); });
}

ports::Task<void> Uploads::remove(std::string id) {
  impl_->open.erase(id);
  co_await impl_->work().anywhere(
      [folder = impl_->folder, name = impl_->hidden_name(id)] { return ::unlinkat(folder->get(), name.c_str(), 0); });
}

}  // namespace sluice::adapters::spool
