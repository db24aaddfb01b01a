#include "posix/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace sluice::adapters::posix {
namespace {

struct Row {
  int error;
  ErrorKind kind;
  std::string_view advice;
};

constexpr std::string_view kRoom = "make room on that disk (df, df -i); work goes on by itself";
constexpr std::string_view kHandles = "raise LimitNOFILE= (ulimit -n); work goes on by itself when some are free";
constexpr std::string_view kRights =
    "see who owns it and its mode (ls -l); sluice must be able to read and write there";
constexpr std::string_view kDisk = "see the kernel's log (dmesg) about that disk";
constexpr std::string_view kOneFileSystem =
    "all folders of a spool must be on one file system, with no mount in between";
constexpr std::string_view kSwapped = "something else took its place; it is looked at again";

constexpr std::array<Row, 22> kTable = {{
    {ENOSPC, ErrorKind::no_space, kRoom},
    {EDQUOT, ErrorKind::no_space, "raise the disk quota or make room; work goes on by itself"},
    {EFBIG, ErrorKind::no_space,
     "raise the limit on a file's size (LimitFSIZE= in the unit, ulimit -f); work goes on by itself"},
    {EMFILE, ErrorKind::no_handles, kHandles},
    {ENFILE, ErrorKind::no_handles, "the whole system is out of file handles (fs.file-max)"},
    {ENOMEM, ErrorKind::no_handles, "the system is out of memory; work goes on by itself when there is some"},
    {EACCES, ErrorKind::permission, kRights},
    {EPERM, ErrorKind::permission, kRights},
    {EROFS, ErrorKind::permission,
     "it is mounted read-only: remount it; or the unit does not let sluice write there: name it in ReadWritePaths= "
     "(systemctl edit sluice) and restart"},
    {ENOENT, ErrorKind::missing, "see that the name is right, and whether it was moved or removed"},
    {ESTALE, ErrorKind::missing, "the share was exported anew or the file removed there"},
    {EEXIST, ErrorKind::exists, "nothing is ever overwritten: move what has that name elsewhere"},
    {ENOTEMPTY, ErrorKind::exists, "nothing is ever overwritten: move what has that name elsewhere"},
    {EISDIR, ErrorKind::exists, "a folder has that name: move it elsewhere"},
    {ELOOP, ErrorKind::changed, kSwapped},
    {ENOTDIR, ErrorKind::changed, kSwapped},
    {ENXIO, ErrorKind::changed, kSwapped},
    {EAGAIN, ErrorKind::busy, "another process holds it"},
    {ETXTBSY, ErrorKind::busy, "another process holds it"},
    {EXDEV, ErrorKind::config, kOneFileSystem},
    {EIO, ErrorKind::io, kDisk},
    {EUCLEAN, ErrorKind::io, kDisk},
}};

const Row* row_of(int error) {
  const auto* row = std::ranges::find(kTable, error, &Row::error);
  return row == kTable.end() ? nullptr : row;
}

}  // namespace

ErrorKind kind_of(int error) {
  const auto* row = row_of(error);
  return row == nullptr ? ErrorKind::io : row->kind;
}

Error system_error(int error, std::string_view doing, std::string_view where) {
  const char* said = ::strerrordesc_np(error);
  const auto* row = row_of(error);
  return {kind_of(error), fmt::format("cannot {} {}: {}; {}", doing, where, said == nullptr ? "unknown error" : said,
                                      row == nullptr ? kDisk : row->advice)};
}

Error unusable(Error error) {
  if (error.kind != ErrorKind::no_space) error.kind = ErrorKind::config;
  return error;
}

}  // namespace sluice::adapters::posix
