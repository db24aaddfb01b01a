#include "sluice/text/columns.hpp"

#include <utf8proc.h>

#include <algorithm>

#include "utf8.hpp"

namespace sluice::text {

namespace {

/// A character, or a whole control sequence of a colour.
struct Sign {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

Sign sign_at(std::string_view text, std::size_t pos) {
  if (text[pos] == '\x1b') {
    const auto end = text.find('m', pos);
    return {.bytes = (end == text.npos ? text.size() : end + 1) - pos, .columns = 0};
  }
  const auto length = utf8_length(text, pos);
  if (length == 0 || length == kCut) return {};
  auto after = pos;
  const auto width = utf8proc_charwidth(static_cast<utf8proc_int32_t>(next_code_point(text, after)));
  return {.bytes = length, .columns = static_cast<std::size_t>(std::max(width, 0))};
}

/// How much of the line fits, in bytes: to the last blank in it, if anything follows and that leaves something.
std::size_t fitting(std::string_view line, std::size_t most, std::size_t keep) {
  std::size_t used = 0;
  std::size_t pos = 0;
  std::size_t blank = 0;
  while (pos < line.size()) {
    const auto sign = sign_at(line, pos);
    if (used + sign.columns > most) break;
    if (line[pos] == ' ' && pos >= keep) blank = pos;
    used += sign.columns;
    pos += sign.bytes;
  }
  if (pos == line.size() || line[pos] == ' ' || blank == 0) return pos;
  return blank;
}

}  // namespace

std::size_t columns(std::string_view utf8) {
  std::size_t sum = 0;
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto sign = sign_at(utf8, pos);
    sum += sign.columns;
    pos += sign.bytes;
  }
  return sum;
}

std::vector<std::string> wrap(std::string_view line, std::size_t most_columns) {
  const auto most = std::max<std::size_t>(most_columns, 2);  // a wide character must fit
  const auto blanks = std::min(line.find_first_not_of(' '), line.size());
  const auto indent = blanks + 2 <= most / 2 ? std::string(blanks + 2, ' ') : std::string();
  std::vector<std::string> lines;
  auto keep = blanks;  // of a line's indent nothing is broken off
  std::string rest(line);
  while (true) {
    const auto fits = fitting(rest, most, keep);
    lines.push_back(rest.substr(0, fits));
    const auto next = rest.find_first_not_of(' ', fits);
    if (next == rest.npos) return lines;
    rest = indent + rest.substr(next);
    keep = indent.size();
  }
}

}  // namespace sluice::text
