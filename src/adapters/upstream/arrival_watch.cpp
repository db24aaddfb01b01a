#include "upstream/arrival_watch.hpp"

#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <utility>

namespace sluice::adapters::upstream {

namespace {

/// Sooner nobody can use it: what is acknowledged counts as arrived 20 ms later at the earliest, and after 250 ms the
/// pace waits for proof no longer (docs/api.md, Limiters met in practice).
constexpr Nanos kFirstLook = std::chrono::milliseconds(20);
constexpr Nanos kLastPause = std::chrono::milliseconds(80);

/// The kernel counts the age of an acknowledgement in ticks, whose length this clock shares (clock_getres(2)).
Nanos kernel_tick() {
  timespec tick{};
  clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
  return std::chrono::seconds(tick.tv_sec) + Nanos(tick.tv_nsec);
}

}  // namespace

std::optional<Nanos> acknowledged_ago(int socket) {
  int outstanding = 0;
  if (::ioctl(socket, SIOCOUTQ, &outstanding) != 0 || outstanding != 0) return std::nullopt;
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return std::nullopt;
  // A queue may be empty because the connection is gone.
  if (info.tcpi_state != TCP_ESTABLISHED && info.tcpi_state != TCP_CLOSE_WAIT) return std::nullopt;
  // A tick less than it says: an age of one tick may be none.
  static const Nanos tick = kernel_tick();
  return std::max<Nanos>(std::chrono::milliseconds(info.tcpi_last_ack_recv) - tick, Nanos{0});
}

ArrivalWatch::ArrivalWatch(std::shared_ptr<Wire> wire) : wire_(std::move(wire)), timer_(wire_->executor()) {}

void ArrivalWatch::begin(std::function<void(Nanos ago)> tell) {
  tell_ = std::move(tell);
  look_after(kFirstLook);
}

void ArrivalWatch::look_after(Nanos pause) {
  timer_.expires_after(pause);
  timer_.async_wait([weak = weak_from_this(), pause](boost::system::error_code stopped) {
    const auto self = weak.lock();
    if (!self || stopped) return;
    if (const auto ago = acknowledged_ago(self->wire_->socket()))
      self->tell_(*ago);
    else if (pause < kLastPause)
      self->look_after(2 * pause);
  });
}

}  // namespace sluice::adapters::upstream
