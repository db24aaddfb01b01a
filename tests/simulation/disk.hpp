#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "random.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::simulation {

enum class Folder : std::uint8_t { inbox, state, outbox, archive, rejected };
inline constexpr std::size_t kFolders = 5;

/// A file's content and what of it would outlive a power loss.
struct Inode {
  std::uint64_t number = 0;
  std::string data;
  std::size_t synced = 0;  ///< bytes of data that are durable
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint32_t owner = 0;
  bool being_written = false;  ///< somebody outside has it open for writing
  bool hard_linked = false;    ///< has another name somewhere: must be copied, not renamed
};
using File = std::shared_ptr<Inode>;

/// Folders and files with what a kernel promises: all calls see each other's effects at once and a killed process takes
/// nothing with it, but a power loss takes any file's bytes and any change of a folder that was not synced. Changes of
/// one file's name go in order; those of different files go one without the other.
class Disk {
 public:
  using Names = std::map<std::string, File>;

  const Names& names(Folder folder) const { return folders_[index(folder)]; }
  File find(Folder folder, const std::string& name) const;

  /// A file from outside: durable at once. The name must be free.
  File put(Folder folder, const std::string& name, std::string data, std::int64_t now_ns);
  /// A fresh, empty file; the name must be free.
  File create(Folder folder, const std::string& name, std::int64_t now_ns);
  void append(const File& file, std::string_view bytes, std::int64_t now_ns);
  /// Nothing may have the new name.
  void rename(Folder from, const std::string& from_name, Folder to, const std::string& to_name, std::int64_t now_ns);
  void remove(Folder folder, const std::string& name);
  /// Somebody outside removes it: gone for good.
  void take_away(Folder folder, const std::string& name) { folders_[index(folder)].erase(name); }

  void sync(const File& file) { file->synced = file->data.size(); }
  /// Makes the folder's changes durable.
  void sync(Folder folder);

  /// Takes what was not synced, or some of it.
  void power_loss(Random& random);

  static ports::FileIdentity identity(const Inode& inode);

 private:
  struct Place {
    Folder folder;
    std::string name;
  };
  struct Change {  ///< of a name; from and to both: a rename
    std::optional<Place> from, to;
    File file;
    bool undo = false;
  };
  static std::size_t index(Folder folder) { return static_cast<std::size_t>(folder); }
  void note(std::optional<Place> from, std::optional<Place> to, File file);
  void undo(const Change& change);

  std::array<Names, kFolders> folders_;
  std::vector<Change> unsynced_;
  std::uint64_t next_inode_ = 100;
};

}  // namespace sluice::simulation
