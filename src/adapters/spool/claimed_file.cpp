#include "spool/claimed_file.hpp"

#include <fmt/format.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "spool/inbox.hpp"
#include "spool/state_files.hpp"

namespace sluice::adapters::spool {
namespace {

using records::RowRef;

/// Rows this near are read together; a read is no longer than this, but for a longer row.
constexpr std::uint64_t kGap = 4096;
constexpr std::uint64_t kMostAtOnce = 1 << 20;

std::uint64_t end_of(const RowRef& row) {
  return row.offset + row.length;
}

/// How many rows from `first` on one read covers.
std::size_t run_length(const std::vector<RowRef>& rows, std::size_t first) {
  const auto begin = rows[first].offset;
  std::size_t last = first;
  while (last + 1 < rows.size()) {
    const auto& next = rows[last + 1];
    const auto end = end_of(rows[last]);
    if (next.offset < end || next.offset - end > kGap || end_of(next) - begin > kMostAtOnce) break;
    ++last;
  }
  return last - first + 1;
}

}  // namespace

Result<std::shared_ptr<const ClaimedBytes>> ClaimedBytes::open(const Folders& folders, JobId job) {
  const auto state = folders.open(Folder::state);
  if (!state) return std::unexpected(state.error());
  auto name = state_name(job, StateFile::claimed);
  auto opened = open_regular(folders, Folder::state, **state, name);
  if (!opened) return std::unexpected(opened.error());
  return std::shared_ptr<const ClaimedBytes>(new ClaimedBytes(folders, std::move(opened->fd), std::move(name)));
}

ClaimedBytes::ClaimedBytes(const Folders& folders, posix::Fd fd, std::string name)
    : folders_(folders), fd_(std::move(fd)), name_(std::move(name)), path_(within(Folder::state, name_)) {
  // File systems that others reach over a network know no RWF_NOWAIT (preadv(2)), and may wait for anything.
  char byte = 0;
  const iovec one{.iov_base = &byte, .iov_len = 1};
  keeps_nobody_waiting_ = ::preadv2(fd_.get(), &one, 1, 0, RWF_NOWAIT) >= 0 || errno == EAGAIN;
}

Result<ports::FileIdentity> ClaimedBytes::identity() const {
  struct stat open{};
  struct stat named{};
  if (::fstat(fd_.get(), &open) != 0) return posix::fail_with(errno, text::words::do_look_at(), shown());
  // The descriptor alone would go on reading a file that somebody has replaced: the path must still lead to it.
  const bool there = ::fstatat(folders_.root().get(), path_.c_str(), &named, AT_SYMLINK_NOFOLLOW) == 0;
  if (!there && errno != ENOENT) return posix::fail_with(errno, text::words::do_look_at(), shown());
  if (!there || open.st_dev != named.st_dev || open.st_ino != named.st_ino) {
    return fail(ErrorKind::changed, text::words::claimed_moved_away(shown()));
  }
  return folders_.identity(open);
}

Result<void> ClaimedBytes::still(const ports::FileIdentity& expected) const {
  const auto now = identity();
  if (!now) return std::unexpected(now.error());
  if (*now == expected) return {};
  return fail(ErrorKind::changed, text::words::claimed_is_other(shown()));
}

Result<bool> ClaimedBytes::hash_some(posix::ContentHash& hash) const {
  return hash.take_some(fd_, shown());
}

Result<std::size_t> ClaimedBytes::size_within(std::uint64_t offset, std::size_t size) const {
  struct stat now{};
  if (::fstat(fd_.get(), &now) != 0) return posix::fail_with(errno, text::words::do_look_at(), shown());
  // No memory for more than there is: of many small files read side by side each would hold that of a large one.
  const auto end = static_cast<std::uint64_t>(now.st_size);
  return std::min<std::uint64_t>(size, end > offset ? end - offset : 0);
}

Result<std::string> ClaimedBytes::read_at(std::uint64_t offset, std::size_t size) const {
  const auto within = size_within(offset, size);
  if (!within) return std::unexpected(within.error());
  return wait_for(offset, *within);
}

std::optional<std::string> ClaimedBytes::in_memory_at(std::uint64_t offset, std::size_t size) const {
  if (!keeps_nobody_waiting_) return std::nullopt;
  const auto within = size_within(offset, size);
  if (!within) return std::nullopt;
  auto bytes = already_in_memory(offset, *within);
  return bytes && bytes->size() == *within ? std::optional(std::move(*bytes)) : std::nullopt;
}

Result<std::string> ClaimedBytes::wait_for(std::uint64_t offset, std::size_t size) const {
  std::string bytes;
  std::expected<std::size_t, int> got = 0;
  bytes.resize_and_overwrite(size, [&](char* into, std::size_t) {
    got = posix::read_fully(fd_, into, size, offset);
    return got.value_or(0);
  });
  if (!got) return posix::fail_with(got.error(), text::words::do_read(), shown());
  return bytes;
}

/// Fewer bytes: the disk would have to be waited for, or the file system doesn't tell (preadv(2), RWF_NOWAIT).
Result<std::string> ClaimedBytes::already_in_memory(std::uint64_t offset, std::size_t size) const {
  std::string bytes;
  bytes.resize_and_overwrite(size, [&](char* into, std::size_t) {
    const iovec all{.iov_base = into, .iov_len = size};
    const auto got = ::preadv2(fd_.get(), &all, 1, static_cast<off_t>(offset), RWF_NOWAIT);
    return static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  });
  return bytes;
}

Result<std::string> ClaimedBytes::gather(const std::vector<RowRef>& rows, const ports::FileIdentity& expected,
                                         Read read) const {
  std::string gathered;
  bool whole = true;
  for (std::size_t first = 0; first < rows.size() && whole;) {
    const auto run = run_length(rows, first);
    const auto begin = rows[first].offset;
    const auto end = end_of(rows[first + run - 1]);
    // Offsets come out of the ledger: what it says must not make us read, or allocate, without bounds.
    if (end < begin || end > expected.size) {
      return fail(ErrorKind::changed, text::words::row_beyond_end(rows[first + run - 1].row, shown()));
    }
    const auto bytes = (this->*read)(begin, static_cast<std::size_t>(end - begin));
    if (!bytes) return std::unexpected(bytes.error());
    whole = bytes->size() == end - begin;
    for (std::size_t i = first; i < first + run && whole; ++i)
      gathered.append(*bytes, static_cast<std::size_t>(rows[i].offset - begin), rows[i].length);
    first += run;
  }
  // After the read: neither what had changed before nor what changed meanwhile must be sent.
  if (const auto same = still(expected); !same) return std::unexpected(same.error());
  if (!whole) return fail(ErrorKind::changed, text::words::became_shorter(shown()));
  return gathered;
}

Result<std::string> ClaimedBytes::read_rows(const std::vector<RowRef>& rows,
                                            const ports::FileIdentity& expected) const {
  return gather(rows, expected, &ClaimedBytes::wait_for);
}

std::optional<std::string> ClaimedBytes::rows_in_memory(const std::vector<RowRef>& rows,
                                                        const ports::FileIdentity& expected) const {
  if (!keeps_nobody_waiting_) return std::nullopt;
  auto rows_read = gather(rows, expected, &ClaimedBytes::already_in_memory);
  return rows_read ? std::optional(std::move(*rows_read)) : std::nullopt;
}

}  // namespace sluice::adapters::spool
