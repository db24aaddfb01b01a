#include "upstream/credential.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/beast/core/string.hpp>
#include <cerrno>
#include <cstdlib>
#include <string_view>
#include <utility>

#include "posix/error.hpp"
#include "posix/fd.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/upstream.hpp"
#include "upstream/limits.hpp"

namespace sluice::adapters::upstream {

namespace {

namespace words = text::words;
using Source = config::CredentialSource;
constexpr std::string_view kHeaderName = "authorization:";

std::unexpected<Error> bad(const Source& source, std::string_view what) {
  constexpr std::string_view kFrom[] = {"file", "env", "credential"};
  return fail(ErrorKind::config,
              words::credential_bad(kFrom[static_cast<std::size_t>(source.from)], text::shown(source.name, 200), what));
}

bool quote(char c) {
  return c == '"' || c == '\'' || c == '`';
}

/// Whatever the case of its letters.
bool begins_with(std::string_view value, std::string_view name) {
  return boost::beast::iequals(value.substr(0, name.size()), name);
}

/// NAME=value, with a name as variables have; not the = that ends base64.
bool assigns(std::string_view value) {
  const auto end = value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
  const auto equals = value.find('=');
  if (equals == 0 || equals == std::string_view::npos || value.find_first_not_of('=', equals) == std::string_view::npos)
    return false;
  constexpr auto kName = kHeaderName.substr(0, kHeaderName.size() - 1);
  return end == equals || (equals == kName.size() && begins_with(value, kName));
}

/// The header's value out of what the source holds: trimmed, one line, visible ASCII (RFC 9110, 5.5, without obs-text:
/// no token has any, and a pasted quote or full-width letter would cost a pause that nobody can explain).
Result<std::string> header_value(const Source& source, std::string_view raw) {
  const std::string_view value = text::trim(raw);
  if (value.empty()) return bad(source, words::credential_empty());
  if (value.size() > kMostCredentialBytes) return bad(source, words::credential_too_long());
  for (std::size_t i = 0; i < value.size(); ++i) {
    const auto c = static_cast<unsigned char>(value[i]);
    if (c == '\n' || c == '\r') return bad(source, words::credential_many_lines());
    if (c < 0x20 || c >= 0x7f) return bad(source, words::credential_odd_byte(i + 1, fmt::format("{:02X}", c)));
  }
  if (begins_with(value, kHeaderName)) return bad(source, words::credential_header_name());
  if (quote(value.front()) || quote(value.back())) return bad(source, words::credential_quoted());
  if (assigns(value)) return bad(source, words::credential_assigned());
  return std::string(value);
}

Result<std::string> read_file(const Source& source, const std::string& path) {
  const posix::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat about{};
  if (!file || fstat(file.get(), &about) != 0)
    return bad(source,
               words::credential_not_read(posix::system_error(errno, text::words::do_read(), path).words, path));
  if (!S_ISREG(about.st_mode)) return bad(source, words::credential_no_file());
  std::string raw(kMostCredentialBytes + 1, '\0');
  const ssize_t got = ::read(file.get(), raw.data(), raw.size());
  if (got < 0)
    return bad(source,
               words::credential_not_read(posix::system_error(errno, text::words::do_read(), path).words, path));
  raw.resize(static_cast<std::size_t>(got));
  return raw;
}

/// Once for each value, not each time it is looked at.
void warn_if_open_to_all(const Source& source) {
  struct stat about{};
  if (source.from != Source::From::file || ::stat(source.name.c_str(), &about) != 0 || !(about.st_mode & S_IROTH))
    return;
  spdlog::warn("{}", words::credential_open_to_all(text::shown(source.name, 200)));
}

Result<std::string> read_env(const Source& source) {
  const char* value = std::getenv(source.name.c_str());
  return value ? Result<std::string>(value) : bad(source, words::credential_no_env());
}

Result<std::string> read_systemd(const Source& source) {
  const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
  if (!folder) return bad(source, words::credential_no_folder());
  return read_file(source, fmt::format("{}/{}", folder, source.name));
}

Result<std::string> read_value(const Source& source) {
  Result<std::string> raw = source.from == Source::From::file  ? read_file(source, source.name)
                            : source.from == Source::From::env ? read_env(source)
                                                               : read_systemd(source);
  if (!raw) return raw;
  return header_value(source, *raw);
}

void star_out(std::string& text, std::string_view secret) {
  constexpr std::size_t kFewestBytes = 6;  // a shorter one would star out ordinary words
  if (secret.size() < kFewestBytes) return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), secret.size(), '*');
}

}  // namespace

Result<Credential> Credential::open(Source source) {
  Result<std::string> value = read_value(source);
  if (!value) return std::unexpected(std::move(value.error()));
  warn_if_open_to_all(source);
  return Credential(std::move(source), std::move(*value));
}

Result<bool> Credential::refresh() {
  if (source_.from != Source::From::file) return false;
  Result<std::string> value = read_value(source_);
  if (!value) return std::unexpected(std::move(value.error()));
  if (*value == value_) return false;
  value_ = std::move(*value);
  warn_if_open_to_all(source_);
  return true;
}

std::string Credential::redacted(std::string text) const {
  star_out(text, value_);
  star_out(text, std::string_view(value_).substr(value_.rfind(' ') + 1));
  return text;
}

}  // namespace sluice::adapters::upstream
