#pragma once

#include <string>
#include <string_view>

#include "posix_fd.hpp"
#include "sluice/base/error.hpp"

namespace sluice::adapters {

enum class Folder : std::uint8_t { inbox, outbox, archive, rejected, state };

/// The spool's folders. Each is opened anew for each piece of work, because people move a folder away and make a new
/// one (an archive that got full, a share that was mounted again), and files must land in the one they see.
class Folders {
 public:
  /// Makes what is missing. Errors are kind `no_space` or `config`.
  static Result<Folders> make(const std::string& spool);
  /// Opens what is there; a missing folder is kind `config`.
  static Result<Folders> look(const std::string& spool);

  /// A folder that was removed meanwhile is made again (not by one who only looks).
  Result<Fd> open(Folder folder) const;
  /// Path of a name in it, for people.
  std::string shown(Folder folder, std::string_view name = {}) const;

 private:
  Folders(Fd spool, std::string path, bool makes) : spool_(std::move(spool)), path_(std::move(path)), makes_(makes) {}
  Result<void> open_all() const;
  Fd spool_;
  std::string path_;
  bool makes_;
};

/// Tries with a file of our own whether state/ can rename into the other folders, without replacing: else kind
/// `config`, or `no_space` where there is no room to try it.
Result<void> try_renames(const Folders& folders);

}  // namespace sluice::adapters
