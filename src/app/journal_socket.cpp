#include "journal_socket.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include "datagram_socket.hpp"

namespace sluice::app {

bool stderr_is_journal() {
  // The variable alone is inherited by whatever a service starts, redirected or not: the stream must be stderr itself.
  const char* stream = std::getenv("JOURNAL_STREAM");
  struct stat status{};
  if (stream == nullptr || ::fstat(STDERR_FILENO, &status) != 0) return false;
  return fmt::format("{}:{}", status.st_dev, status.st_ino) == stream;
}

int journal_socket() {
  static const int fd = stderr_is_journal() ? datagram_socket("/run/systemd/journal/socket") : -1;
  return fd;
}

}  // namespace sluice::app
