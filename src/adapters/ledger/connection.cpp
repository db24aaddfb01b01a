#include "ledger/connection.hpp"

#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>

#include "ledger/schema.hpp"
#include "posix/error.hpp"
#include "sluice/base/failpoint.hpp"
#include "sluice/text/words/state.hpp"

namespace sluice::adapters::ledger {

namespace {

constexpr int kBusyTimeoutMs = 2000;  // `status` may read; nobody else writes

// FULL: a commit is fsynced before it returns. A log that has grown is cut back to 16 MiB once its pages are home.
// secure_delete costs a rewrite of every freed page; state/ is private already.
constexpr const char* kPragmas =
    "PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=1000; PRAGMA journal_size_limit=16777216;"
    "PRAGMA cache_size=-8192; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=OFF; PRAGMA trusted_schema=OFF;";

// O_EXCL: an existing file must not even be opened and closed here, since a close drops the process's POSIX locks on it
// (sqlite.org/howtocorrupt.html, 2.2). SQLite gives its side files the same mode.
Result<void> create_if_missing(const std::string& path) {
  const int file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    if (errno == EEXIST) return {};
    return posix::fail_with(errno, text::words::do_create_ledger(), path);
  }
  ::close(file);
  // The name must survive a power cut too: a ledger that vanishes after its first commit would be taken for a new one
  // (fsync(2)).
  const auto folder = std::filesystem::path(path).parent_path();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  const int code = errno;
  if (directory >= 0) ::close(directory);
  if (!synced) return posix::fail_with(code, text::words::do_fsync_ledger_folder(), path);
  SLUICE_FAILPOINT("ledger.after_create");
  return {};
}

// Whether there is anything in it yet. An empty file with a log is what SQLite would make worse: it deletes the log,
// and with it all that was not yet in the file.
Result<bool> begun(const std::string& path, bool read_only) {
  struct stat file{};
  struct stat log{};
  if (::stat(path.c_str(), &file) != 0) return posix::fail_with(errno, text::words::do_see_ledger(), path);
  if (!S_ISREG(file.st_mode)) return fail(ErrorKind::config, text::words::ledger_no_file(path));
  const bool logged = ::stat((path + "-wal").c_str(), &log) == 0 && log.st_size > 0;
  if (file.st_size == 0 && logged) return std::unexpected(damaged_ledger(path, text::words::empty_with_log()));
  if (file.st_size == 0 && read_only) return fail(ErrorKind::missing, text::words::ledger_empty(path));
  return file.st_size > 0;
}

// Some seconds a GB, and a ledger at rest is next to empty: answers go at the end of each job.
Result<void> check_pages(SQLite::Database& database, const std::string& path) {
  SQLite::Statement check(database, "PRAGMA quick_check(1)");
  if (!check.executeStep()) return std::unexpected(damaged_ledger(path, text::words::check_silent()));
  const std::string found = check.getColumn(0).getString();
  if (found != "ok") return std::unexpected(damaged_ledger(path, text::words::sqlite_says(found)));
  return {};
}

Result<void> prepare(SQLite::Database& database, const std::string& path, const Options& options,
                     std::span<const char* const> steps) {
  if (auto known = check_ledger_version(database, options.read_only, steps); !known) {
    return fail(known.error().kind, text::words::ledger_says(path, known.error().words));
  }
  if (options.read_only) {
    database.exec("PRAGMA query_only=ON; PRAGMA cache_size=-2048");
    return {};
  }
  // Before the first write: a damaged page that is overwritten could no longer be salvaged.
  if (auto sound = check_pages(database, path); !sound) return sound;
  database.exec("PRAGMA page_size=4096");  // of an empty file; salvage knows this size
  // A network share has no shared memory for the log's index, and its locks are not to be trusted either.
  if (database.execAndGet("PRAGMA journal_mode=WAL").getString() != "wal") {
    return fail(ErrorKind::io, text::words::ledger_on_share(path));
  }
  database.exec(kPragmas);
  if (options.max_pages > 0) database.execAndGet(fmt::format("PRAGMA max_page_count={}", options.max_pages));
  return migrate_ledger(database, steps);
}

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

std::string advice(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::no_space:
      return text::words::ledger_room();
    case ErrorKind::permission:
      return text::words::ledger_rights();
    case ErrorKind::busy:
      return text::words::ledger_held();
    default:
      return text::words::ledger_disk();
  }
}

bool meant_by_errno(ErrorKind kind) {
  return kind == ErrorKind::no_space || kind == ErrorKind::no_handles || kind == ErrorKind::permission;
}

/// Whether the ledger or its log is as large as this process may make a file (setrlimit(2), RLIMIT_FSIZE).
bool at_size_limit(const std::string& path) {
  constexpr std::uint64_t kOneWrite = 8192;  // a page and its header, at most
  rlimit limit{};
  if (::getrlimit(RLIMIT_FSIZE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return false;
  return std::ranges::any_of(std::array{path, path + "-wal"}, [&](const std::string& file) {
    struct stat about{};
    return ::stat(file.c_str(), &about) == 0 && static_cast<std::uint64_t>(about.st_size) + kOneWrite > limit.rlim_cur;
  });
}

/// SQLite keeps the errno of whatever it called last, which needn't be the call that failed.
int likely_errno(const std::string& path, int system_errno) {
  struct statvfs disk{};
  if (::statvfs(path.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0) return EROFS;
  return at_size_limit(path) ? EFBIG : system_errno;
}

}  // namespace

Result<OpenedLedger> open_file(const std::string& path, const Options& options, std::span<const char* const> steps) {
  // It would count each allocation under a lock, for statistics that nobody asks for. Refused once it is in use.
  [[maybe_unused]] static const int uncounted = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  OpenedLedger opened;
  if (!options.read_only) {
    if (auto there = create_if_missing(path); !there) return std::unexpected(there.error());
  }
  const auto used = begun(path, options.read_only);
  if (!used) return std::unexpected(used.error());
  opened.created = !*used;
  try {
    const int flags = SQLite::OPEN_NOMUTEX | (options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE);
    opened.database = std::make_unique<SQLite::Database>(path, flags, kBusyTimeoutMs, options.vfs);
    if (auto ready = prepare(*opened.database, path, options, steps); !ready) return std::unexpected(ready.error());
  } catch (const SQLite::Exception& exception) {
    const int code = opened.database ? sqlite3_system_errno(opened.database->getHandle()) : errno;
    return std::unexpected(ledger_error(path, exception, code));
  }
  return opened;
}

Error damaged_ledger(const std::string& path, const std::string& what) {
  return {ErrorKind::corrupt, text::words::ledger_damaged(path, what)};
}

std::optional<Error> unreadable_now(const std::string& path, SQLite::Database& database) {
  sqlite3_file* file = nullptr;
  sqlite3_file_control(database.getHandle(), "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (file == nullptr || file->pMethods == nullptr) return std::nullopt;
  char byte = 0;
  const int read = file->pMethods->xRead(file, &byte, 1, 0);
  if (read == SQLITE_OK || read == SQLITE_IOERR_SHORT_READ) return std::nullopt;
  const auto where = text::words::ledger_where(path, sqlite3_errstr(SQLITE_IOERR), SQLITE_IOERR_READ);
  return Error{ErrorKind::io, text::words::ledger_unusable(where, advice(ErrorKind::io))};
}

Error ledger_error(const std::string& path, const SQLite::Exception& exception, int system_errno) {
  const int code = exception.getErrorCode() & 0xff;
  const std::string where = text::words::ledger_where(path, exception.what(), exception.getExtendedErrorCode());
  // A full disk or a lack of handles passes: taken for damage, it would end in exit 78 and a `recover` that nobody
  // needed.
  if (code == SQLITE_IOERR || code == SQLITE_CANTOPEN) {
    const int number = likely_errno(path, system_errno);
    if (meant_by_errno(posix::kind_of(number))) return posix::system_error(number, text::words::do_use(), where);
  }
  const auto* found = std::ranges::find(kMeanings, code, &Meaning::code);
  const ErrorKind kind = found == kMeanings.end() ? ErrorKind::io : found->kind;
  if (kind == ErrorKind::corrupt) return damaged_ledger(path, text::words::sqlite_says(exception.what()));
  return {kind, text::words::ledger_unusable(where, advice(kind))};
}

}  // namespace sluice::adapters::ledger
