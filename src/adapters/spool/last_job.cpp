#include "spool/last_job.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>

#include "posix/content.hpp"
#include "posix/error.hpp"
#include "posix/fd.hpp"
#include "posix/move.hpp"
#include "sluice/adapters/spool/last_job.hpp"

namespace sluice::adapters::spool {
namespace {

constexpr std::size_t kMostDigits = 20;

/// 0: not a number, as after a power cut between making the file and writing it.
std::uint64_t number_in(const posix::Fd& fd) {
  std::array<char, kMostDigits> text{};
  const auto got = posix::read_fully(fd, text.data(), text.size(), 0);
  std::uint64_t number = 0;
  if (got) std::from_chars(text.data(), text.data() + *got, number);
  return number;
}

}  // namespace

std::optional<std::uint64_t> last_job(const std::string& spool) {
  const posix::Fd fd(posix::uninterrupted(
      [&] { return ::open((spool + "/" + kLastJob).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK); }));
  if (fd) return number_in(fd);
  return errno == ENOENT || errno == ENOTDIR ? std::nullopt : std::optional<std::uint64_t>(0);
}

Result<std::shared_ptr<const posix::Fd>> note_last_job(const posix::Fd& root, JobId job, const std::string& where) {
  auto fd = posix::open_at(root, kLastJob, O_RDWR | O_CREAT, 0640);
  if (!fd) return posix::fail_with(errno, text::words::do_open(), where);
  const auto before = number_in(fd);
  if (before >= job.n) return nullptr;
  const auto text = fmt::format("{}\n", job.n);  // never shorter than what it replaces
  std::string_view left = text;
  int error = posix::write_all(fd, left);
  if (error == 0 && before == 0) error = posix::sync(root);
  if (error != 0) return posix::fail_with(error, text::words::do_write(), where);
  return std::make_shared<const posix::Fd>(std::move(fd));
}

}  // namespace sluice::adapters::spool
