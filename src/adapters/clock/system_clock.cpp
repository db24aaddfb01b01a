#include "sluice/adapters/clock/system_clock.hpp"

#include <fcntl.h>
#include <sys/random.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <map>
#include <optional>
#include <utility>

#include "posix/error.hpp"
#include "sluice/base/check.hpp"

namespace sluice::adapters::clock {

namespace asio = boost::asio;

Boottime boottime_now() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return Boottime(std::chrono::seconds(now.tv_sec) + Nanos(now.tv_nsec));
}

namespace {

/// What a coroutine sleeps on until somebody cancels it: a timer that never comes due by itself.
using Bell = asio::steady_timer;

/// The one timerfd, and who waits for what on it.
class Alarms : public std::enable_shared_from_this<Alarms> {
 public:
  /// A place among the alarms, left when it comes due or however else the wait ends, be it with its coroutine.
  class Entry {
   public:
    Entry(Alarms& alarms, Boottime until, Bell& bell) : alarms_(alarms), bell_(bell), at_(alarms.add(until, *this)) {}
    ~Entry() {
      if (waiting_) alarms_.remove(at_);
    }
    Entry(const Entry&) = delete;
    Entry& operator=(const Entry&) = delete;

   private:
    friend class Alarms;
    Alarms& alarms_;
    Bell& bell_;
    bool waiting_ = true;
    std::multimap<Boottime, Entry*>::iterator at_;
  };

  Alarms(asio::any_io_executor executor, int fd) : descriptor_(std::move(executor), fd) {}

 private:
  using Due = std::multimap<Boottime, Entry*>;

  Due::iterator add(Boottime until, Entry& entry) {
    const auto at = due_.emplace(until, &entry);
    if (at == due_.begin()) set_later();
    return at;
  }

  void remove(Due::iterator at) {
    if (at == due_.begin()) set_later();
    due_.erase(at);
  }

  /// Once all that can be done now is done: who is woken mostly begins another wait, and often what came first leaves.
  void set_later() {
    if (!std::exchange(to_be_set_, true))
      asio::post(descriptor_.get_executor(), [self = shared_from_this()] { self->set_now(); });
  }

  void set_now() {
    to_be_set_ = false;
    if (due_.empty()) {
      boost::system::error_code ignored;
      descriptor_.cancel(ignored);
      return;
    }
    if (const auto first = due_.begin()->first; first != set_to_) set(first);
    listen();
  }

  void set(Boottime until) {
    const auto since_boot = std::max(until.time_since_epoch(), Nanos(1));  // zero would disarm it
    const auto whole = std::chrono::floor<std::chrono::seconds>(since_boot);
    itimerspec spec{};
    spec.it_value.tv_sec = whole.count();
    spec.it_value.tv_nsec = (since_boot - whole).count();
    const int failed = timerfd_settime(descriptor_.native_handle(), TFD_TIMER_ABSTIME, &spec, nullptr);
    SLUICE_CHECK(failed == 0, "a timerfd of ours refused a valid time");
    set_to_ = until;
  }

  void listen() {
    if (std::exchange(listening_, true)) return;
    descriptor_.async_wait(asio::posix::descriptor_base::wait_read,
                           [self = shared_from_this()](boost::system::error_code) { self->fired(); });
  }

  void fired() {
    listening_ = false;
    std::uint64_t expirations = 0;
    [[maybe_unused]] const auto got = ::read(descriptor_.native_handle(), &expirations, sizeof expirations);
    const Boottime now = boottime_now();
    for (; !due_.empty() && due_.begin()->first <= now; due_.erase(due_.begin())) {
      due_.begin()->second->waiting_ = false;
      due_.begin()->second->bell_.cancel();
    }
    set_to_.reset();
    set_later();
  }

  asio::posix::stream_descriptor descriptor_;
  Due due_;
  bool to_be_set_ = false;
  std::optional<Boottime> set_to_;  ///< when the timerfd fires; nothing: it fired
  bool listening_ = false;
};

class SystemTimer final : public ports::Clock::Timer {
 public:
  SystemTimer(const asio::any_io_executor& executor, std::shared_ptr<Alarms> alarms)
      : bell_(executor, Bell::time_point::max()), alarms_(std::move(alarms)) {}

  ports::Task<void> wait(Boottime until) override {
    if (!woken_ && until > boottime_now()) {
      const Alarms::Entry entry(*alarms_, until, bell_);
      co_await bell_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    woken_ = false;
  }

  void wake() override {
    woken_ = true;
    bell_.cancel();
  }

 private:
  Bell bell_;
  std::shared_ptr<Alarms> alarms_;
  bool woken_ = false;
};

class SystemClock final : public ports::Clock {
 public:
  SystemClock(asio::any_io_executor executor, int fd)
      : executor_(executor), alarms_(std::make_shared<Alarms>(std::move(executor), fd)) {}

  Boottime now() const override { return boottime_now(); }

  WallTime wall() const override { return std::chrono::floor<Millis>(std::chrono::system_clock::now()); }

  std::uint64_t random() override {
    // One is asked for at each request: taken from the kernel by the dozen, since up to 256 bytes come whole.
    if (drawn_ == bits_.size()) {
      ssize_t got = -1;
      do got = getrandom(bits_.data(), sizeof bits_, 0);
      while (got < 0 && errno == EINTR);
      SLUICE_CHECK(got == sizeof bits_, "getrandom(2) gives 256 bytes whole on every kernel we run on");
      drawn_ = 0;
    }
    return std::exchange(bits_[drawn_++], 0);
  }

  std::unique_ptr<Timer> timer() override { return std::make_unique<SystemTimer>(executor_, alarms_); }

 private:
  asio::any_io_executor executor_;
  std::shared_ptr<Alarms> alarms_;
  std::array<std::uint64_t, 32> bits_{};
  std::size_t drawn_ = bits_.size();
};

}  // namespace

Result<std::unique_ptr<ports::Clock>> system_clock(asio::any_io_executor executor) {
  const int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
  if (fd < 0) return posix::fail_with(errno, text::words::do_make(), text::words::boottime_timer());
  return std::make_unique<SystemClock>(std::move(executor), fd);
}

}  // namespace sluice::adapters::clock
