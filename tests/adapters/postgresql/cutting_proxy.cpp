#include "adapters/postgresql/cutting_proxy.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace sluice::adapters::postgresql {
namespace {

constexpr int kLookAgainMs = 20;
constexpr std::string_view kReady("Z\0\0\0\5", 5);  // ReadyForQuery: all that was sent is answered

sockaddr_un address_in(const std::string& folder) {
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  const auto path = folder + "/.s.PGSQL.5432";
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  return address;
}

int socket_at(const std::string& folder, auto call) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto address = address_in(folder);
  if (call(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) throw std::runtime_error(folder);
  return fd;
}

/// Empty: it was closed.
std::string take(int fd) {
  std::array<char, 1 << 16> buffer{};
  const auto size = ::read(fd, buffer.data(), buffer.size());
  return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

void give(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto size = ::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
}

void take_answer(int server) {
  std::string answer;
  while (!answer.contains(kReady)) {
    const auto bytes = take(server);
    if (bytes.empty()) return;
    answer += bytes;
  }
}

}  // namespace

CuttingProxy::CuttingProxy(std::string server_folder)
    : server_folder_(std::move(server_folder)), listener_(socket_at(folder_.path(), ::bind)) {
  ::listen(listener_, 8);
  acceptor_ = std::jthread([this] { accept_all(); });
}

CuttingProxy::~CuttingProxy() {
  ends_ = true;
  acceptor_.join();
  relays_.clear();
  ::close(listener_);
  if (kept_server_ >= 0) ::close(kept_server_);
}

Server CuttingProxy::in(const std::string& database) const {
  return {.conninfo = "host=" + folder_.path().string() + " user=postgres dbname=" + database};
}

void CuttingProxy::cut_at(const std::string& marker, Cut cut) {
  const std::lock_guard lock(mutex_);
  marker_ = marker;
  cut_ = cut;
}

void CuttingProxy::release() {
  const std::lock_guard lock(mutex_);
  give(kept_server_, kept_);
  take_answer(kept_server_);
}

Cut CuttingProxy::cut_of(const std::string& bytes) {
  const std::lock_guard lock(mutex_);
  return bytes.contains(marker_) ? std::exchange(cut_, Cut::none) : Cut::none;
}

void CuttingProxy::accept_all() {
  while (!ends_) {
    pollfd watched{.fd = listener_, .events = POLLIN, .revents = 0};
    if (::poll(&watched, 1, kLookAgainMs) <= 0) continue;
    const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (client >= 0) relays_.emplace_back([this, client] { relay(client); });
  }
}

void CuttingProxy::relay(int client) {
  int server = socket_at(server_folder_, ::connect);
  while (!ends_) {
    std::array watched{pollfd{.fd = client, .events = POLLIN, .revents = 0},
                       pollfd{.fd = server, .events = POLLIN, .revents = 0}};
    if (::poll(watched.data(), watched.size(), kLookAgainMs) <= 0) continue;
    if (watched[1].revents != 0) {
      const auto bytes = take(server);
      if (bytes.empty()) break;
      give(client, bytes);
    }
    if (watched[0].revents == 0) continue;
    const auto bytes = take(client);
    const auto cut = cut_of(bytes);
    if (bytes.empty() || cut == Cut::request) break;
    if (cut == Cut::late) {
      const std::lock_guard lock(mutex_);
      kept_ = bytes;
      kept_server_ = std::exchange(server, -1);
      break;
    }
    give(server, bytes);
    if (cut == Cut::answer) {
      take_answer(server);
      break;
    }
  }
  ::close(client);
  if (server >= 0) ::close(server);
}

}  // namespace sluice::adapters::postgresql
