#include "fault.hpp"

#include <fmt/format.h>

#include <iterator>

#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

std::string first_character(std::string_view text) {
  std::size_t size = text.empty() ? 0 : 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
  return fmt::format("'{}'", text::shown(text.substr(0, size)));
}

}  // namespace

Fault json_fault(text::Word word, Position where, std::string_view rest, std::vector<std::string> more) {
  std::vector<std::string> args = {fmt::to_string(where.line), fmt::to_string(where.column), first_character(rest)};
  std::ranges::move(more, std::back_inserter(args));
  return {.message = {.word = word, .args = std::move(args)}};
}

Fault row_fault(text::Word word, std::uint64_t line, std::vector<std::string> more) {
  std::vector<std::string> args = {fmt::to_string(line)};
  std::ranges::move(more, std::back_inserter(args));
  return {.message = {.word = word, .args = std::move(args)}};
}

std::string column_words(std::size_t index, const std::vector<std::string>& header) {
  const std::string_view name = index < header.size() ? text::trim(header[index]) : std::string_view();
  return name.empty() ? fmt::to_string(index + 1) : fmt::format("{} ({})", index + 1, text::shown(name));
}

}  // namespace sluice::records
