#include "sluice/control/peer.hpp"

#include <fmt/format.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "sluice/text/shown.hpp"
#include "sluice/text/words/operating.hpp"

namespace sluice::control {

bool Peer::is_trusted() const {
  return user == 0 || user == ::geteuid();
}

Peer peer_of(int socket) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return {};
  return {.user = credentials.uid};
}

std::string user_name(uid_t user) {
  std::array<char, 4096> room{};
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
    return text::words::user_number(user);
  return text::shown(found->pw_name);
}

}  // namespace sluice::control
