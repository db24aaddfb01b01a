#include "database_password.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sluice/text/shown.hpp"
#include "sluice/text/system_words.hpp"
#include "sluice/text/words/settings.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;

constexpr std::size_t kMostBytes = 1'024;
constexpr std::size_t kShownPath = 255;

Result<std::string> read(int file, const std::string& shown) {
  std::string held(kMostBytes + 1, '\0');
  const ssize_t got = ::read(file, held.data(), held.size());
  if (got < 0) return fail(ErrorKind::config, words::password_unreadable(shown, text::system_words(errno)));
  held.resize(static_cast<std::size_t>(got));
  while (held.ends_with('\n') || held.ends_with('\r')) held.pop_back();
  const bool sound = !held.empty() && held.size() <= kMostBytes &&
                     std::ranges::none_of(held, [](char c) { return c == '\0' || c == '\n' || c == '\r'; });
  if (!sound) return fail(ErrorKind::config, words::password_not_one_line(shown));
  return held;
}

}  // namespace

Result<std::string> database_password(const std::string& path) {
  if (path.empty()) return std::string();
  const auto shown = text::shown(path, kShownPath);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);  // not to hang on a FIFO
  if (file < 0) return fail(ErrorKind::config, words::password_unreadable(shown, text::system_words(errno)));
  struct stat about{};
  Result<std::string> password = fail(ErrorKind::config, words::password_not_one_line(shown));
  if (::fstat(file, &about) == 0 && S_ISREG(about.st_mode)) {
    const bool open_to_others = (about.st_mode & (S_IRWXO | S_IWGRP)) != 0;
    password = open_to_others ? fail(ErrorKind::config, words::password_open_to_others(shown)) : read(file, shown);
  }
  ::close(file);
  return password;
}

}  // namespace sluice::app
