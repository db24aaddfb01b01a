#include "log_writer.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace sluice::app {

namespace {

constexpr std::size_t kMostKept = 256 * 1024;

}  // namespace

// O_NONBLOCK belongs to the open file description (open(2)), which stderr shares with whoever started us: for a pipe or
// a terminal a description of our own is opened. Where that is not allowed (another user's pipe), poll() says whether
// PIPE_BUF bytes fit, and no more than that is written at once (pipe(7)).
LogWriter::LogWriter(int fd) : fd_(fd) {
  struct stat about{};
  if (::fstat(fd, &about) != 0 || S_ISREG(about.st_mode)) return;
  if (S_ISSOCK(about.st_mode)) {
    kind_ = Kind::socket;
    return;
  }
  const int own =
      ::open(fmt::format("/proc/self/fd/{}", fd).c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC | O_APPEND);
  kind_ = own < 0 ? Kind::shared_description : Kind::own_description;
  if (own >= 0) fd_ = own;
}

LogWriter::~LogWriter() {
  flush();
  if (kind_ == Kind::own_description) ::close(fd_);
}

std::int64_t LogWriter::write_now(std::string_view bytes) const {
  if (kind_ == Kind::socket) return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  if (kind_ != Kind::shared_description) return ::write(fd_, bytes.data(), bytes.size());
  pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
  if (::poll(&room, 1, 0) == 0) {
    errno = EAGAIN;
    return -1;
  }
  return ::write(fd_, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
}

void LogWriter::forget_all() {
  kept_.clear();
  kept_bytes_ = 0;
}

bool LogWriter::flush() {
  while (!kept_.empty()) {
    auto& line = kept_.front();
    const auto wrote = write_now(line);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EAGAIN) return false;
    if (wrote < 0) {  // nobody reads it any more
      forget_all();
      return true;
    }
    kept_bytes_ -= static_cast<std::size_t>(wrote);
    line.erase(0, static_cast<std::size_t>(wrote));
    if (line.empty()) kept_.pop_front();
  }
  return true;
}

void LogWriter::put(std::string_view line) {
  if (dropped_ == 0 && kept_bytes_ + line.size() > kMostKept) flush();
  if (dropped_ > 0 || kept_bytes_ + line.size() > kMostKept) {
    ++dropped_;
    return;
  }
  kept_.emplace_back(line);
  kept_bytes_ += line.size();
  flush();
}

std::uint64_t LogWriter::take_dropped() {
  return dropped_ > 0 && flush() ? std::exchange(dropped_, 0) : 0;
}

}  // namespace sluice::app
