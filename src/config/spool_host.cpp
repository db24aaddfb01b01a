#include "sluice/config/spool_host.hpp"

#include <limits.h>
#include <unistd.h>

#include <array>

namespace sluice::config {

std::string spool_host(const Settings& settings) {
  if (!settings.ledger.shared_spool) return {};
  if (!settings.ledger.host.empty()) return settings.ledger.host;
  std::array<char, HOST_NAME_MAX + 1> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

std::string socket_path(const Settings& settings) {
  if (!settings.control.socket.empty()) return settings.control.socket;
  const auto host = spool_host(settings);
  return settings.spool + (host.empty() ? "/control.sock" : "/control." + host + ".sock");
}

}  // namespace sluice::config
