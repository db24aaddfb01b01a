#include "web/listener.hpp"

#include <grp.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>

#include <charconv>
#include <filesystem>

#include "sluice/text/system_words.hpp"
#include "sluice/text/words/web.hpp"

namespace sluice::control::web {

namespace {

namespace asio = boost::asio;
using Code = boost::system::error_code;

constexpr std::string_view kUnix = "unix:";

/// Where nobody listens behind it any more.
void remove_dead(Acceptor& acceptor, const std::string& path, Code& error) {
  std::error_code ignored;
  if (!std::filesystem::is_socket(path, ignored)) return;
  asio::local::stream_protocol::socket probe(acceptor.get_executor());
  Code unheard;
  probe.connect(asio::local::stream_protocol::endpoint(path), unheard);
  if (!unheard) {
    error = asio::error::address_in_use;
  } else {
    std::filesystem::remove(path, ignored);
  }
}

/// Before anybody can connect.
void give_to_group(const std::string& path, const std::string& name) {
  std::string room(1 << 16, '\0');
  group entry{};
  group* found = nullptr;
  const bool read = ::getgrnam_r(name.c_str(), &entry, room.data(), room.size(), &found) == 0 && found != nullptr;
  const bool given = read && ::chown(path.c_str(), static_cast<uid_t>(-1), found->gr_gid) == 0;
  ::chmod(path.c_str(), given ? 0660 : 0600);
  if (!given) spdlog::warn("{}", text::words::web_group_not_given(path, name));
}

void listen_locally(const config::Settings& settings, Acceptor& acceptor, Code& error) {
  const auto path = socket_file(settings);
  remove_dead(acceptor, path, error);
  const asio::local::stream_protocol::endpoint endpoint(path);
  if (!error) acceptor.open({AF_UNIX, 0}, error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) give_to_group(path, settings.control.operators);
}

/// The settings have judged its form.
void listen_on_loopback(const std::string& address, Acceptor& acceptor, Entrance& entrance, Code& error) {
  const auto colon = address.rfind(':');
  entrance.address = address.substr(0, colon);
  auto host = entrance.address;
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  std::uint16_t port = 0;
  std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(host, error), port);
  if (!error && !endpoint.address().is_loopback()) error = asio::error::access_denied;
  if (!error) acceptor.open({endpoint.protocol().family(), IPPROTO_TCP}, error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (error) return;
  asio::ip::tcp::endpoint bound;
  const auto local = acceptor.local_endpoint(error);
  std::memcpy(bound.data(), local.data(), std::min(bound.capacity(), local.size()));
  entrance.port = bound.port();
}

}  // namespace

std::string socket_file(const config::Settings& settings) {
  const auto& address = settings.control.web;
  return address.starts_with(kUnix) ? address.substr(kUnix.size()) : "";
}

Result<void> listen_on(const config::Settings& settings, Acceptor& acceptor, Entrance& entrance) {
  const auto& address = settings.control.web;
  Code error;
  if (address.starts_with(kUnix)) {
    // A header of whoever reaches a port is worth nothing: only the socket's file says who may speak for others.
    entrance.proxy_is_known = !settings.control.web_user_header.empty();
    listen_locally(settings, acceptor, error);
  } else {
    listen_on_loopback(address, acceptor, entrance, error);
  }
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return fail(ErrorKind::config, text::words::web_not_opened(address, text::system_words(error.value())));
}

}  // namespace sluice::control::web
