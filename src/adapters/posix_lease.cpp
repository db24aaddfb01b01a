#include "posix_lease.hpp"

#include <csignal>

namespace sluice::adapters {

Lease take_lease(const Fd& file) {
  if (::fcntl(file.get(), F_SETSIG, SIGURG) == -1) return Lease::unavailable;
  const int error = errno_of([&] { return ::fcntl(file.get(), F_SETLEASE, F_RDLCK); });
  if (error == 0) return Lease::held;
  return error == EAGAIN ? Lease::refused : Lease::unavailable;
}

bool lease_holds(const Fd& file) {
  return ::fcntl(file.get(), F_GETLEASE) == F_RDLCK;
}

}  // namespace sluice::adapters
