#pragma once

#include <array>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "posix/fd.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters::spool {

enum class Folder : std::uint8_t { inbox, outbox, archive, rejected, state };

using OpenFolder = std::shared_ptr<const posix::Fd>;

/// The spool's folders. Each is looked for again for each piece of work, because people move a folder away and make a
/// new one (an archive that got full, a share that was mounted again), and files must land in the one they see.
class Folders {
 public:
  /// Makes what is missing. `host`: this one's name, where others work the same folders; empty: it is alone. Errors are
  /// kind `no_space` or `config`.
  static Result<Folders> make(const std::string& spool, std::string host = {});
  /// Opens what is there; a missing folder is kind `config`.
  static Result<Folders> look(const std::string& spool);

  /// The one that has the name now; its descriptor is shared for as long as that is the same folder. One that was
  /// removed meanwhile is made again (not by one who only looks). On any thread.
  Result<OpenFolder> open(Folder folder) const;
  /// The spool's root.
  const posix::Fd& root() const { return spool_; }
  const std::string& path() const { return path_; }
  /// What tells this host's own files from those of others; empty: it is alone.
  const std::string& host() const { return host_; }
  /// As every host of a shared spool sees it: each mounts it under a device number of its own.
  ports::FileIdentity identity(const struct stat& about) const;
  /// Whether the spool's path still leads to the folder that was opened: kind `changed` where it was moved, or
  /// something was mounted over it.
  Result<void> still_there() const;
  /// Path of a name in it, for people.
  std::string shown(Folder folder, std::string_view name = {}) const;

 private:
  Folders(posix::Fd spool, std::string path, std::string host, bool makes)
      : spool_(std::move(spool)), path_(std::move(path)), host_(std::move(host)), makes_(makes) {}
  Result<void> open_all() const;
  Result<OpenFolder> open_anew(Folder folder) const;
  posix::Fd spool_;
  std::string path_;
  std::string host_;
  bool makes_;
  /// By Folder. Opening and closing one for each piece of work costs more than most of the work.
  struct Kept {
    struct One {
      OpenFolder folder;
      dev_t device = 0;
      ino_t inode = 0;
    };
    std::mutex mutex;
    std::array<One, 5> folders;
  };
  std::unique_ptr<Kept> kept_ = std::make_unique<Kept>();
};

/// Path of a name in a folder, from the spool's root.
std::string within(Folder folder, std::string_view name);

/// All names in a folder but the dots, in no order.
Result<std::vector<std::string>> list(const Folders& folders, Folder folder);

/// Why nothing but a regular file is taken: "it is a folder; only ...".
std::string not_a_file(mode_t mode);

/// A regular file in one of the folders, opened for reading.
struct OpenedFile {
  posix::Fd fd;
  ports::FileIdentity identity;
  bool linked = false;  ///< it has other names too
};

/// Kind `changed`: the name leads to something else than a regular file now.
Result<OpenedFile> open_regular(const Folders& folders, Folder folder, const posix::Fd& fd, const std::string& name);

/// Tries with a file of our own whether state/ can rename into the other folders, without replacing: else kind
/// `config`, or `no_space` where there is no room to try it.
Result<void> try_renames(const Folders& folders);

}  // namespace sluice::adapters::spool
