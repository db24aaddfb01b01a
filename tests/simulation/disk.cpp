#include "disk.hpp"

#include <algorithm>
#include <set>

#include "sluice/base/check.hpp"

namespace sluice::simulation {

File Disk::find(Folder folder, const std::string& name) const {
  const auto& names = folders_[index(folder)];
  const auto it = names.find(name);
  return it == names.end() ? nullptr : it->second;
}

File Disk::put(Folder folder, const std::string& name, std::string data, std::int64_t now_ns) {
  auto file = std::make_shared<Inode>(Inode{.number = next_inode_++, .mtime_ns = now_ns, .ctime_ns = now_ns});
  file->data = std::move(data);
  file->synced = file->data.size();
  const bool fresh = folders_[index(folder)].emplace(name, file).second;
  SLUICE_CHECK(fresh, "a file from outside takes a name that is taken");
  return file;
}

File Disk::create(Folder folder, const std::string& name, std::int64_t now_ns) {
  auto file = std::make_shared<Inode>(Inode{.number = next_inode_++, .mtime_ns = now_ns, .ctime_ns = now_ns});
  const bool fresh = folders_[index(folder)].emplace(name, file).second;
  SLUICE_CHECK(fresh, "a file is created over another");
  note(std::nullopt, Place{folder, name}, file);
  return file;
}

void Disk::append(const File& file, std::string_view bytes, std::int64_t now_ns) {
  file->data += bytes;
  file->mtime_ns = file->ctime_ns = now_ns;
}

void Disk::rename(Folder from, const std::string& from_name, Folder to, const std::string& to_name,
                  std::int64_t now_ns) {
  auto node = folders_[index(from)].extract(from_name);
  SLUICE_CHECK(!node.empty(), "a file is renamed that is not there");
  File file = node.mapped();
  node.key() = to_name;
  const bool fresh = folders_[index(to)].insert(std::move(node)).inserted;
  SLUICE_CHECK(fresh, "a file is renamed over another");
  file->ctime_ns = now_ns;
  note(Place{from, from_name}, Place{to, to_name}, file);
}

void Disk::remove(Folder folder, const std::string& name) {
  auto node = folders_[index(folder)].extract(name);
  SLUICE_CHECK(!node.empty(), "a file is removed that is not there");
  note(Place{folder, name}, std::nullopt, node.mapped());
}

void Disk::note(std::optional<Place> from, std::optional<Place> to, File file) {
  unsynced_.push_back(Change{std::move(from), std::move(to), std::move(file)});
}

void Disk::sync(Folder folder) {
  // A journal commits in order: what the same file went through before this change is durable with it.
  std::set<const Inode*> committed;
  for (auto it = unsynced_.rbegin(); it != unsynced_.rend(); ++it) {
    const bool touches = (it->from && it->from->folder == folder) || (it->to && it->to->folder == folder);
    if (touches || committed.contains(it->file.get())) {
      committed.insert(it->file.get());
      it->undo = true;  // here: leaves the list
    }
  }
  std::erase_if(unsynced_, [](const Change& change) { return change.undo; });
}

void Disk::undo(const Change& change) {
  if (change.from && folders_[index(change.from->folder)].contains(change.from->name))
    return;  // the name was used anew
  if (change.to) {
    auto& names = folders_[index(change.to->folder)];
    const auto it = names.find(change.to->name);
    if (it != names.end() && it->second == change.file) names.erase(it);
  }
  if (change.from) folders_[index(change.from->folder)].emplace(change.from->name, change.file);
}

void Disk::power_loss(Random& random) {
  std::set<const Inode*> lost;
  for (auto& change : unsynced_) {
    change.undo = lost.contains(change.file.get()) || random.per_mille(500);
    if (change.undo) lost.insert(change.file.get());
  }
  for (auto it = unsynced_.rbegin(); it != unsynced_.rend(); ++it) {
    if (it->undo) undo(*it);
  }
  unsynced_.clear();
  for (auto& names : folders_) {
    for (auto& [name, file] : names) {
      if (file->synced >= file->data.size()) continue;
      file->data.resize(random.between(file->synced, file->data.size()));
      file->synced = file->data.size();
    }
  }
}

ports::FileIdentity Disk::identity(const Inode& inode) {
  return {.device = 1,
          .inode = inode.number,
          .size = inode.data.size(),
          .mtime_ns = inode.mtime_ns,
          .ctime_ns = inode.ctime_ns};
}

}  // namespace sluice::simulation
