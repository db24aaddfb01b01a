#include "hook.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <optional>

#include "sluice/text/system_words.hpp"
#include "sluice/text/words/events.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr auto kLookEvery = std::chrono::milliseconds(20);
constexpr std::size_t kLongestInput = 64 * 1024;

std::unexpected<Error> failed(const text::Sentence<1>& what, int error) {
  return fail(ErrorKind::io, what(text::system_words(error)));
}

/// The read end of a pipe that holds all of it, and then ends.
Result<int> pipe_with(std::string_view input) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(words::hook_no_pipe, errno);
  const bool written = ::write(ends[1], input.data(), std::min(input.size(), kLongestInput)) >= 0;
  ::close(ends[1]);
  if (written) return ends[0];
  ::close(ends[0]);
  return failed(words::hook_no_input, errno);
}

/// What a child starts with: the pipe, our standard error as both outputs, a process group of its own, no signal
/// ignored or blocked (we ignore SIGPIPE).
class Start {
 public:
  explicit Start(int input) {
    ::posix_spawn_file_actions_init(&files_);
    ::posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&files_, STDERR_FILENO, STDOUT_FILENO);
    ::posix_spawnattr_init(&attributes_);
    sigset_t every;
    sigset_t none;
    sigfillset(&every);
    sigemptyset(&none);
    ::posix_spawnattr_setsigdefault(&attributes_, &every);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
  }
  ~Start() {
    ::posix_spawn_file_actions_destroy(&files_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  Start(const Start&) = delete;
  Start& operator=(const Start&) = delete;

  Result<pid_t> shell(std::string command, const std::vector<std::string>& environment) {
    std::string shell = "sh";
    std::string option = "-c";
    std::array<char*, 4> arguments{shell.data(), option.data(), command.data(), nullptr};
    auto variables = environment;
    for (const char* kept : {"PATH", "HOME", "LANG"}) {
      if (const char* value = std::getenv(kept)) variables.push_back(fmt::format("{}={}", kept, value));
    }
    std::vector<char*> pointers;
    for (auto& variable : variables) pointers.push_back(variable.data());
    pointers.push_back(nullptr);
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, "/bin/sh", &files_, &attributes_, arguments.data(), pointers.data());
    if (error != 0) return failed(words::hook_no_shell, error);
    return pid;
  }

 private:
  posix_spawn_file_actions_t files_{};
  posix_spawnattr_t attributes_{};
};

Result<void> ended(int status) {
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return fail(ErrorKind::io,
              WIFEXITED(status) ? words::hook_ended(WEXITSTATUS(status)) : words::hook_killed(WTERMSIG(status)));
}

}  // namespace

ports::Task<Result<void>> run_hook(Hook hook, ports::Clock& clock) {
  const auto input = pipe_with(hook.input);
  if (!input) co_return std::unexpected(input.error());
  const auto pid = Start(*input).shell(std::move(hook.command), hook.environment);
  ::close(*input);
  if (!pid) co_return std::unexpected(pid.error());
  const auto timer = clock.timer();
  const auto until = clock.now() + hook.patience;
  while (true) {
    int status = 0;
    if (::waitpid(*pid, &status, WNOHANG) == *pid) co_return ended(status);
    if (clock.now() >= until) {
      ::kill(-*pid, SIGKILL);
      ::waitpid(*pid, &status, 0);
      co_return fail(ErrorKind::io, words::hook_too_slow(text::duration_words(hook.patience)));
    }
    co_await timer->wait(clock.now() + kLookEvery);
  }
}

}  // namespace sluice::app
