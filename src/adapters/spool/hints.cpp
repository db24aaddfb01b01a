#include "spool/hints.hpp"

#include <fmt/format.h>
#include <sys/inotify.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cstring>
#include <mutex>

#include "posix/error.hpp"

namespace sluice::adapters::spool {
namespace {

/// A link made in the inbox says IN_CREATE alone; a corrected mode says IN_ATTRIB.
constexpr std::uint32_t kEvents = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_ATTRIB | IN_ONLYDIR;

/// More names than this in one go are like an overflow: memory stays bounded, and a scan finds them anyway.
constexpr std::size_t kMostNames = 100'000;

/// inotify(7) has limits of its own behind the usual numbers.
std::string why_not(int error) {
  if (error == EMFILE) return text::words::too_many_instances();
  if (error == ENOSPC) return text::words::too_many_watches();
  return posix::system_error(error, text::words::do_be_told(), "inotify").words;
}

}  // namespace

class Hints::State {
 public:
  explicit State(const boost::asio::any_io_executor& executor) : descriptor(executor) { begin(); }

  /// Again and again until there is one: another program may have given some back. On the executor's thread.
  void begin() {
    const std::lock_guard lock(mutex_);
    if (fd_ >= 0) return;
    posix::Fd fd(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    trouble_ = fd ? "" : why_not(errno);
    if (!fd) return;
    fd_ = fd.get();
    descriptor.assign(fd.release());
  }

  void watch(const posix::Fd& inbox) {
    struct stat s{};
    const std::lock_guard lock(mutex_);
    if (fd_ < 0 || ::fstat(inbox.get(), &s) != 0) return;
    // The same folder as before; adding it again would be harmless, but a removed and remade inbox is another one.
    if (watch_ >= 0 && s.st_dev == device_ && s.st_ino == inode_) return;
    if (watch_ >= 0) ::inotify_rm_watch(fd_, watch_);
    device_ = s.st_dev;
    inode_ = s.st_ino;
    // By the descriptor: the folder that is scanned is the one that is watched, whatever its path leads to by now.
    watch_ = ::inotify_add_watch(fd_, fmt::format("/proc/self/fd/{}", inbox.get()).c_str(), kEvents);
    trouble_ = watch_ >= 0 ? "" : why_not(errno);
  }

  HintsByName take() {
    drain();
    const std::lock_guard lock(mutex_);
    return std::exchange(heard_, {});
  }

  /// Reads what there is. Reading and noting are one step, so that two readers keep the order of events.
  void drain() {
    const std::lock_guard lock(mutex_);
    if (fd_ < 0) return;
    alignas(inotify_event) std::array<char, 65'536> buffer;
    for (;;) {
      const auto got = posix::uninterrupted([&] { return ::read(fd_, buffer.data(), buffer.size()); });
      if (got <= 0) return;
      note({buffer.data(), static_cast<std::size_t>(got)});
    }
  }

  std::string trouble() const {
    const std::lock_guard lock(mutex_);
    return trouble_;
  }

  boost::asio::posix::stream_descriptor descriptor;
  std::function<void()> heard;  ///< executor's thread only

 private:
  void note(std::string_view events) {
    while (events.size() >= sizeof(inotify_event)) {
      inotify_event event{};
      std::memcpy(&event, events.data(), sizeof event);
      // The name is padded with NULs to its length.
      if (event.len > 0) note(event.mask, events.substr(sizeof event, event.len).data());
      // What is missing could be the event that matters, so nothing is believed: every file must rest (inotify(7)).
      if ((event.mask & IN_Q_OVERFLOW) != 0) heard_.clear();
      if ((event.mask & IN_IGNORED) != 0 && event.wd == watch_) watch_ = -1;
      events.remove_prefix(sizeof event + event.len);
    }
  }

  void note(std::uint32_t mask, const char* name) {
    if ((mask & (IN_MOVED_TO | IN_CLOSE_WRITE | IN_CREATE)) == 0) return;
    if (heard_.size() >= kMostNames) heard_.clear();
    heard_[name] = (mask & IN_MOVED_TO) != 0 ? Hint::renamed_in : Hint::written;
  }

  mutable std::mutex mutex_;
  int fd_ = -1;  ///< the descriptor's
  int watch_ = -1;
  dev_t device_ = 0;
  ino_t inode_ = 0;
  HintsByName heard_;
  std::string trouble_;
};

Hints::Hints(boost::asio::any_io_executor executor) : state_(std::make_shared<State>(executor)) {}

Hints::~Hints() {
  disarm();
  boost::system::error_code ignored;
  state_->descriptor.close(ignored);
}

void Hints::watch(const posix::Fd& inbox) {
  state_->watch(inbox);
}

HintsByName Hints::take() {
  return state_->take();
}

std::string Hints::trouble() const {
  return state_->trouble();
}

void Hints::arm(std::function<void()> heard) {
  state_->begin();
  if (!state_->descriptor.is_open()) return;
  state_->heard = std::move(heard);
  state_->descriptor.async_wait(boost::asio::posix::stream_descriptor::wait_read,
                                [state = state_](boost::system::error_code error) {
                                  if (error || !state->heard) return;
                                  state->drain();
                                  state->heard();
                                });
}

void Hints::disarm() {
  state_->heard = nullptr;
  boost::system::error_code ignored;
  if (state_->descriptor.is_open()) state_->descriptor.cancel(ignored);
}

}  // namespace sluice::adapters::spool
