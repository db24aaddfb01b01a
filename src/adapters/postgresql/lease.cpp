#include "postgresql/lease.hpp"

#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "sluice/base/check.hpp"

namespace sluice::adapters::postgresql {
namespace {

constexpr std::chrono::seconds kRenewEvery{5};
constexpr std::chrono::seconds kTryAgainAfter{1};
/// A renewal that takes longer is worth less than a new connection.
constexpr std::chrono::milliseconds kPatienceToRenew{6'000};

}  // namespace

Lease::Lease(Server server, Membership membership, Boottime joined, const ports::Clock& clock,
             std::function<void()> changed)
    : server_(std::move(server)),
      membership_(std::move(membership)),
      clock_(clock),
      changed_(std::move(changed)),
      until_((joined + kMaySend).time_since_epoch().count()),
      bell_(::eventfd(0, EFD_CLOEXEC)) {
  SLUICE_CHECK(bell_.get() >= 0, "eventfd(2) failed");
  thread_ = std::jthread([this] { work(); });
}

Lease::~Lease() {
  ends_ = true;
  const std::uint64_t one = 1;
  static_cast<void>(::write(bell_.get(), &one, sizeof(one)));
  thread_.join();
}

void Lease::work() {
  ::pthread_setname_np(::pthread_self(), "lease");
  while (!ends_ && !fenced_) {
    const auto renewed = renew_once();
    if (!renewed && renewed.error().kind == ErrorKind::fenced) fence();
    listen_until(clock_.now() + (renewed ? kRenewEvery : kTryAgainAfter));
  }
  if (!fenced_ && connection_ && connection_->alive()) static_cast<void>(resign(*connection_, membership_));
}

// The server may take the renewal at any time from when it was sent, so that is when its time begins.
Result<void> Lease::renew_once() {
  if (auto ready = connect(); !ready) return ready;
  const Boottime sent = clock_.now();
  auto renewed = renew(*connection_, membership_, kPatienceToRenew);
  if (renewed) until_ = (sent + kMaySend).time_since_epoch().count();
  return renewed;
}

Result<void> Lease::connect() {
  if (connection_ && connection_->alive()) return {};
  auto opened = Connection::open(server_);
  if (!opened) return std::unexpected(opened.error());
  connection_ = std::move(*opened);
  if (auto listens = connection_->script("LISTEN sluice"); !listens) return listens;
  changed_();  // what was said while nobody listened
  return {};
}

void Lease::listen_until(Boottime until) {
  while (!ends_ && !fenced_) {
    // Before waiting, too: what came while the renewal was answered is no longer in the socket.
    if (connection_ && connection_->alive()) {
      const auto heard = connection_->notified();
      if (!heard) return;
      if (!heard->empty()) changed_();
    }
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - clock_.now()).count();
    if (left <= 0) return;
    std::array watched{pollfd{.fd = bell_.get(), .events = POLLIN, .revents = 0},
                       pollfd{.fd = connection_ ? connection_->socket() : -1, .events = POLLIN, .revents = 0}};
    static_cast<void>(::poll(watched.data(), watched.size(), static_cast<int>(left)));
  }
}

void Lease::fence() {
  fenced_ = true;
  until_ = 0;
  changed_();
}

}  // namespace sluice::adapters::postgresql
