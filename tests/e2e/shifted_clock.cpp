// A clock that is put on while the program runs, for LD_PRELOAD: SLUICE_CLOCK_SHIFT names a file that holds by how many
// seconds; SLUICE_CLOCK_SHIFTED=calendar means the calendar's time, otherwise it is what runs since the boot. What
// begins to wait for a time of that clock waits by the clock as it is then; what waits already isn't moved.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

namespace {

time_t shift() {
  const char* path = std::getenv("SLUICE_CLOCK_SHIFT");
  const auto file = path == nullptr ? -1 : syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[16] = {};
  const auto got = syscall(SYS_read, file, text, sizeof text - 1);
  syscall(SYS_close, file);
  return got > 0 ? std::strtol(text, nullptr, 10) : 0;
}

clockid_t shifted() {
  const char* which = std::getenv("SLUICE_CLOCK_SHIFTED");
  return which != nullptr && std::strcmp(which, "calendar") == 0 ? CLOCK_REALTIME : CLOCK_BOOTTIME;
}

}  // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* now) {
  static const auto real = reinterpret_cast<int (*)(clockid_t, timespec*)>(dlsym(RTLD_NEXT, "clock_gettime"));
  const int done = real(clock, now);
  if (done == 0 && clock == shifted()) now->tv_sec += shift();
  return done;
}

extern "C" int timerfd_settime(int fd, int flags, const itimerspec* wanted, itimerspec* before) {
  static const auto real =
      reinterpret_cast<int (*)(int, int, const itimerspec*, itimerspec*)>(dlsym(RTLD_NEXT, "timerfd_settime"));
  itimerspec machines = *wanted;
  const bool at_a_time = (flags & TFD_TIMER_ABSTIME) != 0 && shifted() == CLOCK_BOOTTIME;
  if (at_a_time && machines.it_value.tv_sec > shift()) machines.it_value.tv_sec -= shift();
  return real(fd, flags, &machines, before);
}
