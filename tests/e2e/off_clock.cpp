// A clock that is wrong, for LD_PRELOAD: the calendar's time is SLUICE_CLOCK_OFF seconds ahead; what runs since the boot
// is as it is.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>

namespace {

time_t off() {
  const char* seconds = std::getenv("SLUICE_CLOCK_OFF");
  return seconds == nullptr ? 0 : std::strtol(seconds, nullptr, 10);
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now) noexcept {
  const auto got = syscall(SYS_clock_gettime, clock, now);
  if (got == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += off();
  return static_cast<int>(got);
}

int gettimeofday(timeval* now, void*) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  *now = {.tv_sec = exact.tv_sec, .tv_usec = exact.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* also) noexcept {
  timespec exact{};
  clock_gettime(CLOCK_REALTIME, &exact);
  if (also != nullptr) *also = exact.tv_sec;
  return exact.tv_sec;
}
}
