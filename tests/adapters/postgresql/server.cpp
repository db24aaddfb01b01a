#include "adapters/postgresql/server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "postgresql/connection.hpp"

namespace sluice::adapters::postgresql {
namespace {

namespace fs = std::filesystem;

constexpr const char* kEveryone = "local all all trust\n";

/// The newest that is installed.
fs::path programs() {
  std::vector<fs::path> found;
  for (const auto& version : fs::directory_iterator("/usr/lib/postgresql")) found.push_back(version.path() / "bin");
  if (found.empty()) throw std::runtime_error("no PostgreSQL is installed: ./dev setup");
  return *std::ranges::max_element(found);
}

/// initdb refuses root.
const passwd* unprivileged() {
  if (::geteuid() != 0) return nullptr;
  const passwd* user = ::getpwnam("postgres");
  return user ? user : ::getpwnam("nobody");
}

/// Runs it to its end; what it says goes to a file, which the exception quotes.
void run(const std::vector<std::string>& command, const std::string& log) {
  const passwd* user = unprivileged();
  std::vector<char*> words;
  for (const auto& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    if (user && (::setgroups(0, nullptr) != 0 || ::setgid(user->pw_gid) != 0 || ::setuid(user->pw_uid) != 0))
      ::_exit(126);
    const int out = ::open(log.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0600);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(out, STDERR_FILENO);
    ::close(STDIN_FILENO);
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (status == 0) return;
  std::ifstream said(log);
  throw std::runtime_error(command[0] + ": " + std::string(std::istreambuf_iterator<char>(said), {}));
}

}  // namespace

PostgresServer::PostgresServer() {
  if (const passwd* user = unprivileged()) {
    if (::chown(folder_.path().c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("chown");
  }
  run({programs() / "initdb", "-D", folder_ / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale",
       "--no-sync", "--no-instructions"},
      folder_ / "initdb.log");
  // fsync off: what dies here is the server's process, never the machine.
  configure("listen_addresses = ''\nunix_socket_directories = '" + socket_folder() + "'\nfsync = off");
  configure("shared_buffers = 16MB\nmax_connections = 60\nautovacuum = off\nmax_wal_size = 64MB");
  let_in("");
  start();
}

PostgresServer::~PostgresServer() {
  try {
    stop("immediate");
  } catch (const std::runtime_error&) {  // it is stopped already
  }
}

PostgresServer& PostgresServer::shared() {
  static PostgresServer server;
  return server;
}

std::string PostgresServer::create_database() {
  const auto name = "t" + std::to_string(++databases_);
  sql("CREATE DATABASE " + name);
  return name;
}

Server PostgresServer::in(const std::string& database, const std::string& more) const {
  return {.conninfo = "host=" + socket_folder() + " user=postgres dbname=" + database + " " + more};
}

void PostgresServer::sql(const std::string& statements) const {
  auto connection = Connection::open(in("postgres"));
  if (!connection) throw std::runtime_error(connection.error().words);
  if (const auto done = connection->script(statements); !done) throw std::runtime_error(done.error().words);
}

void PostgresServer::start() {
  pg_ctl("start");
}

void PostgresServer::stop(const std::string& mode) {
  run({programs() / "pg_ctl", "-D", folder_ / "data", "-w", "-m", mode, "stop"}, folder_ / "pg_ctl.log");
}

void PostgresServer::reload() {
  pg_ctl("reload");
}

void PostgresServer::pg_ctl(const std::string& what) const {
  run({programs() / "pg_ctl", "-D", folder_ / "data", "-l", folder_ / "log", "-w", "-t", "120", what},
      folder_ / "pg_ctl.log");
}

void PostgresServer::configure(const std::string& line) {
  std::ofstream(folder_ / "data/postgresql.conf", std::ios::app) << line << "\n";
}

void PostgresServer::let_in(const std::string& line) {
  std::ofstream(folder_ / "data/pg_hba.conf") << line << "\n" << kEveryone;
}

}  // namespace sluice::adapters::postgresql
