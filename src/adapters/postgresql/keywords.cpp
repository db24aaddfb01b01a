#include "postgresql/keywords.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <ranges>
#include <string_view>
#include <utility>

#include "postgresql/libpq.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/postgresql.hpp"

namespace sluice::adapters::postgresql {
namespace {

using Keywords = std::map<std::string, std::string>;

// A peer that vanished is noticed within half a minute, whether or not anything was on its way (tcp(7)).
constexpr std::array kAlways = {
    std::pair{"client_encoding", "UTF8"},
    std::pair{"connect_timeout", "5"},
    std::pair{"keepalives", "1"},
    std::pair{"keepalives_idle", "5"},
    std::pair{"keepalives_interval", "5"},
    std::pair{"keepalives_count", "4"},
    std::pair{"tcp_user_timeout", "25000"},
    std::pair{"target_session_attrs", "read-write"},
    std::pair{"fallback_application_name", "sluice"},
};

constexpr std::size_t kMostShown = 120;

// libpq's own default is a file in the home folder, which a daemon's user has not.
constexpr const char* kSystemRoots = "/etc/ssl/certs/ca-certificates.crt";

std::string value_of(const Keywords& keywords, const char* keyword, const char* environment) {
  if (const auto found = keywords.find(keyword); found != keywords.end()) return found->second;
  const char* set = std::getenv(environment);
  return set ? set : "";
}

bool stays_on_this_machine(std::string_view host) {
  return host.empty() || host.starts_with('/') || host.starts_with('@') || host == "localhost" || host == "::1" ||
         host.starts_with("127.");
}

// hostaddr, where it is given, is where it connects (libpq, Connection Strings); either may be a list.
std::string host_on_the_network(const Keywords& keywords) {
  auto hosts = value_of(keywords, "hostaddr", "PGHOSTADDR");
  if (hosts.empty()) hosts = value_of(keywords, "host", "PGHOST");
  for (const auto part : std::views::split(hosts, ',')) {
    const std::string_view host(part);
    if (!stays_on_this_machine(host)) return std::string(host);
  }
  return {};
}

Result<Keywords> parse(const std::string& conninfo) {
  // Looked for before it is parsed: the parser's own message may quote a part of it.
  if (conninfo.contains("password")) return fail(ErrorKind::config, text::words::postgresql_password_inside());
  if (auto there = load_libpq(); !there) return std::unexpected(there.error());
  char* mistake = nullptr;
  const std::unique_ptr<PQconninfoOption, decltype(Libpq::conninfoFree)> options(
      libpq().conninfoParse(conninfo.c_str(), &mistake), libpq().conninfoFree);
  const std::unique_ptr<char, decltype(Libpq::freemem)> owned(mistake, libpq().freemem);
  if (!options)
    return fail(ErrorKind::config, text::words::postgresql_no_conninfo(text::shown(mistake ? mistake : "")));
  Keywords keywords;
  for (const auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val != nullptr) keywords.emplace(option->keyword, option->val);
  }
  if (keywords.contains("service")) return fail(ErrorKind::config, text::words::postgresql_service());
  return keywords;
}

Result<void> verify_the_peer(Keywords& keywords) {
  const auto remote = host_on_the_network(keywords);
  if (remote.empty()) return {};
  const auto& mode = keywords.try_emplace("sslmode", "verify-full").first->second;
  if (mode != "verify-full")
    return fail(ErrorKind::config, text::words::postgresql_weak_tls(text::shown(remote), text::shown(mode)));
  keywords.try_emplace("sslrootcert", kSystemRoots);
  return {};
}

}  // namespace

Result<Keywords> keywords_of(const Server& server) {
  auto keywords = parse(server.conninfo);
  if (!keywords) return keywords;
  if (auto verified = verify_the_peer(*keywords); !verified) return std::unexpected(verified.error());
  for (const auto& [keyword, value] : kAlways) keywords->try_emplace(keyword, value);
  keywords->try_emplace("application_name", server.application_name);
  if (!server.password.empty()) keywords->insert_or_assign("password", server.password);
  return keywords;
}

std::string shown(const Keywords& keywords) {
  auto where = value_of(keywords, "host", "PGHOST");
  if (where.empty()) where = value_of(keywords, "hostaddr", "PGHOSTADDR");
  if (const auto port = value_of(keywords, "port", "PGPORT"); !port.empty()) where += ":" + port;
  if (const auto name = value_of(keywords, "dbname", "PGDATABASE"); !name.empty()) where += " " + name;
  return text::shown(where, kMostShown);
}

}  // namespace sluice::adapters::postgresql
