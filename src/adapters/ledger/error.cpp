#include "ledger/error.hpp"

#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "posix/error.hpp"

namespace sluice::adapters::ledger {
namespace {

struct Meaning {
  int code;
  ErrorKind kind;
};

constexpr std::array kMeanings = {
    Meaning{SQLITE_FULL, ErrorKind::no_space},      Meaning{SQLITE_READONLY, ErrorKind::permission},
    Meaning{SQLITE_PERM, ErrorKind::permission},    Meaning{SQLITE_AUTH, ErrorKind::permission},
    Meaning{SQLITE_BUSY, ErrorKind::busy},          Meaning{SQLITE_LOCKED, ErrorKind::busy},
    Meaning{SQLITE_CORRUPT, ErrorKind::corrupt},    Meaning{SQLITE_NOTADB, ErrorKind::corrupt},
    Meaning{SQLITE_FORMAT, ErrorKind::corrupt},     Meaning{SQLITE_ERROR, ErrorKind::corrupt},  // a table is missing
    Meaning{SQLITE_CONSTRAINT, ErrorKind::corrupt},  // not of our schema, or an index that disagrees with its table
};

const char* advice(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::no_space:
      return "make room on its disk; it goes on by itself";
    case ErrorKind::permission:
      return "it, its -wal and -shm and their folder must be writable for the user of sluice";
    case ErrorKind::busy:
      return "another program holds it (fuser tells which); it is tried again";
    default:
      return "see the kernel's log (dmesg) about its disk; it is tried again";
  }
}

bool meant_by_errno(ErrorKind kind) {
  return kind == ErrorKind::no_space || kind == ErrorKind::no_handles || kind == ErrorKind::permission;
}

/// SQLite keeps the errno of whatever it called last, which needn't be the call that failed.
int likely_errno(const std::string& path, int system_errno) {
  struct statvfs disk{};
  return ::statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0 ? EROFS : system_errno;
}

}  // namespace

Error damaged_ledger(const std::string& path, const std::string& what) {
  return {ErrorKind::corrupt, fmt::format("ledger {} is damaged ({}). Nothing was sent on its word and nothing is sent "
                                          "any more: run `sluice recover`. Never restore state/ from a backup, it "
                                          "would place orders again",
                                          path, what)};
}

Error ledger_error(const std::string& path, const SQLite::Exception& exception, int system_errno) {
  const int code = exception.getErrorCode() & 0xff;
  const std::string where =
      fmt::format("ledger {} ({}, SQLite {})", path, exception.what(), exception.getExtendedErrorCode());
  if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) {
    const int number = likely_errno(path, system_errno);
    if (meant_by_errno(posix::kind_of(number))) return posix::system_error(number, "use", where);
  }
  const auto* found = std::ranges::find(kMeanings, code, &Meaning::code);
  const ErrorKind kind = found == kMeanings.end() ? ErrorKind::io : found->kind;
  if (kind == ErrorKind::corrupt) return damaged_ledger(path, exception.what());
  return {kind, fmt::format("cannot use {}; {}", where, advice(kind))};
}

}  // namespace sluice::adapters::ledger
