#include "terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>
#include <vector>

#include "sluice/text/columns.hpp"
#include "sluice/text/words/status.hpp"

namespace sluice::app {

namespace {

// console_codes(4), and xterm's second screen: only what every terminal emulator knows.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l";
constexpr std::string_view kLeave = "\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kRestOfLine = "\x1b[K";
constexpr std::string_view kRestOfScreen = "\x1b[J";

constexpr int kEnds[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

bool takes_control_sequences() {
  const char* kind = std::getenv("TERM");
  return ::isatty(STDOUT_FILENO) == 1 && (kind == nullptr || std::string_view(kind) != "dumb");
}

void write_now(std::string_view sequence) {
  (void)!::write(STDOUT_FILENO, sequence.data(), sequence.size());
}

/// Dies of the signal as if nobody had caught it, so that a shell sees what ended it.
void leave_and_end(int signal) {
  write_now(kLeave);
  std::signal(signal, SIG_DFL);
  std::raise(signal);
}

void leave_while_stopped(int) {
  const int before = errno;
  write_now(kLeave);
  std::raise(SIGSTOP);
  write_now(kEnter);
  errno = before;
}

sigset_t only(int signal) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, signal);
  return set;
}

Window window() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {.columns = size.ws_col, .rows = size.ws_row};
}

}  // namespace

bool wants_color() {
  const char* no_color = std::getenv("NO_COLOR");
  return takes_control_sequences() && (no_color == nullptr || *no_color == '\0');
}

std::string frame(std::string_view text, Window window, text::Lang language) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    for (auto& line : text::wrap(text.substr(0, end), window.columns)) lines.push_back(std::move(line));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (lines.size() > window.rows) {
    const auto shown = window.rows - 1;
    const auto more = text::in(language, text::words::more_lines(lines.size() - shown));
    lines.resize(shown);
    lines.push_back(text::wrap(more, window.columns).front());
  }
  std::string out(kHome);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) out += "\r\n";
    out += lines[i];
    // Where a line fills its row, the cursor stands on its last column, and this would erase what is there.
    if (text::columns(lines[i]) < window.columns) out += kRestOfLine;
  }
  return out += kRestOfScreen;
}

Screen::Screen(text::Lang language, Kind kind)
    : language_(language), in_place_(kind == Kind::in_place && takes_control_sequences()) {
  if (!in_place_) return;
  const auto resized = only(SIGWINCH);
  ::pthread_sigmask(SIG_BLOCK, &resized, nullptr);
  for (const int signal : kEnds) std::signal(signal, leave_and_end);
  std::signal(SIGTSTP, leave_while_stopped);
  write_now(kEnter);
}

Screen::~Screen() {
  if (!in_place_) return;
  for (const int signal : kEnds) std::signal(signal, SIG_DFL);
  std::signal(SIGTSTP, SIG_DFL);
  write_now(kLeave);
}

bool Screen::draw(std::string_view text) const {
  const auto out = in_place_ ? frame(text, window(), language_) : std::string(text);
  std::fwrite(out.data(), 1, out.size(), stdout);
  return std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
}

void Screen::wait(std::chrono::seconds longest) const {
  const timespec time{.tv_sec = longest.count(), .tv_nsec = 0};
  const auto resized = only(SIGWINCH);
  if (in_place_) {
    ::sigtimedwait(&resized, nullptr, &time);
  } else {
    ::nanosleep(&time, nullptr);
  }
}

}  // namespace sluice::app
