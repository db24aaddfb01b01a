#include "adapters/ledger/fault_vfs.hpp"

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <iterator>

namespace sluice::adapters::ledger {
namespace {

sqlite3_vfs* real_vfs() {
  static sqlite3_vfs* const real = sqlite3_vfs_find(nullptr);
  return real;
}

/// What SQLite is given as its file; the real one lies behind it in the same memory.
struct FaultFile {
  sqlite3_file base;
  std::string* path;
};

FaultFile* self(sqlite3_file* file) {
  return reinterpret_cast<FaultFile*>(file);
}
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(self(file) + 1);
}

int close(sqlite3_file* file) {
  delete self(file)->path;
  return real(file)->pMethods->xClose(real(file));
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  if (FaultVfs::instance().gives_nothing()) return SQLITE_IOERR_CORRUPTFS;  // what SQLite makes of EIO
  return real(file)->pMethods->xRead(real(file), to, size, at);
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (const auto code = FaultVfs::instance().before_change()) return *code;
  return real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (const auto code = FaultVfs::instance().before_change()) return *code;
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync(sqlite3_file* file, int flags) {
  FaultVfs::instance().before_sync();
  if (const auto code = FaultVfs::instance().before_change()) return *code;
  FaultVfs::instance().synced(*self(file)->path);
  return real(file)->pMethods->xSync(real(file), flags);
}
int size_of(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* out) {
  return real(file)->pMethods->xCheckReservedLock(real(file), out);
}
int control(sqlite3_file* file, int what, void* arg) {
  return real(file)->pMethods->xFileControl(real(file), what, arg);
}
int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int shm_lock(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void shm_barrier(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int shm_unmap(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

constexpr sqlite3_io_methods kMethods = {
    2,         close,      read,    write,       truncate,        sync,    size_of,  lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock, shm_barrier,
    shm_unmap, nullptr,    nullptr};

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  const int code = real_vfs()->xOpen(real_vfs(), name, real(file), flags, out_flags);
  self(file)->base.pMethods = code == SQLITE_OK ? &kMethods : nullptr;
  if (code == SQLITE_OK) self(file)->path = new std::string(name == nullptr ? "" : name);
  return code;
}

int remove(sqlite3_vfs*, const char* name, int sync_folder) {
  FaultVfs::instance().removed(name);
  return real_vfs()->xDelete(real_vfs(), name, sync_folder);
}

}  // namespace

FaultVfs::FaultVfs() {
  static sqlite3_vfs shim = *real_vfs();
  shim.zName = kName;
  shim.szOsFile = static_cast<int>(sizeof(FaultFile)) + real_vfs()->szOsFile;
  shim.xOpen = open;
  shim.xDelete = remove;
  sqlite3_vfs_register(&shim, 0);
}

FaultVfs& FaultVfs::instance() {
  static FaultVfs vfs;
  return vfs;
}

void FaultVfs::reset() {
  const std::lock_guard lock(mutex_);
  calls_left_.reset();
  gives_nothing_ = false;
  holding_ = false;
  syncs_ = 0;
  remembering_ = false;
  durable_.clear();
}

void FaultVfs::fail_after(std::int64_t calls, int code) {
  const std::lock_guard lock(mutex_);
  calls_left_ = calls;
  code_ = code;
}

void FaultVfs::fail_all(int code) {
  fail_after(0, code);
  const std::lock_guard lock(mutex_);
  gives_nothing_ = true;
}

bool FaultVfs::gives_nothing() {
  const std::lock_guard lock(mutex_);
  return gives_nothing_;
}

void FaultVfs::heal() {
  const std::lock_guard lock(mutex_);
  calls_left_.reset();
  gives_nothing_ = false;
}

void FaultVfs::hold_syncs() {
  const std::lock_guard lock(mutex_);
  holding_ = true;
}

void FaultVfs::release_syncs() {
  const std::lock_guard lock(mutex_);
  holding_ = false;
  changed_.notify_all();
}

void FaultVfs::wait_until_held() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return held_ > 0; });
}

std::uint64_t FaultVfs::syncs() {
  const std::lock_guard lock(mutex_);
  return syncs_;
}

std::optional<int> FaultVfs::before_change() {
  const std::lock_guard lock(mutex_);
  if (!calls_left_) return std::nullopt;
  if (*calls_left_ <= 0) return code_;
  --*calls_left_;
  return std::nullopt;
}

void FaultVfs::before_sync() {
  std::unique_lock lock(mutex_);
  ++syncs_;
  ++held_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return !holding_; });
  --held_;
}

void FaultVfs::remember_syncs() {
  const std::lock_guard lock(mutex_);
  remembering_ = true;
}

void FaultVfs::synced(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    if (!remembering_) return;
  }
  std::ifstream file(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), {}};
  const std::lock_guard lock(mutex_);
  durable_[path] = std::move(bytes);
}

void FaultVfs::removed(const std::string& path) {
  const std::lock_guard lock(mutex_);
  durable_.erase(path);
}

void FaultVfs::write_durable_to(const std::string& folder) {
  const std::lock_guard lock(mutex_);
  for (const auto& [path, bytes] : durable_) {
    const auto to = std::filesystem::path(folder) / std::filesystem::path(path).filename();
    std::ofstream(to, std::ios::binary) << bytes;
  }
}

}  // namespace sluice::adapters::ledger
