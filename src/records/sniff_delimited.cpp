#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "delimited_reader.hpp"
#include "fault.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sniff.hpp"

namespace sluice::records {
namespace {

using text::Word;

constexpr std::string_view kDelimiters = "\t,;|";  // the first of those that fit equally well
constexpr std::size_t kFew = 2;                    // so many known names are no accident
constexpr int kTitleLines = 30;                    // above a header, at most

/// What people write between columns and we don't read: named in the message, so that they needn't guess.
constexpr auto kForeign = std::to_array<std::string_view>(
    {"，", "；", "、", "｜", "^", "~", "\u00A6", "\x01", "\x1F", ":", "/", "\u3000", " "});

/// Past lines of nothing but white space, quotes, delimiters and end marks.
std::size_t skip_blank_lines(std::string_view text, std::size_t pos) {
  while (pos < text.size()) {
    const std::size_t next = next_line(text, pos);
    std::string_view line = text.substr(pos, next - pos);
    std::size_t before = 0;
    do {
      before = line.size();
      line = text::trim(line);
      line.remove_prefix(std::min(line.find_first_not_of(",;|\t\"\x1A"), line.size()));
    } while (line.size() != before);
    if (!line.empty()) break;
    pos = next;
  }
  return pos;
}

/// A first line `sep=;`, as Excel reads and never shows it: its delimiter's place. npos: no such line.
std::size_t separator_place(std::string_view line) {
  std::string_view content = text::trim(line.substr(0, line.find_first_of("\r\n")));
  if (content.empty() && !line.empty()) return line.npos;
  std::size_t place = static_cast<std::size_t>(content.data() - line.data());
  if (content.starts_with('"')) {
    content.remove_prefix(1);
    ++place;
  }
  const bool sep = content.size() >= 4 && text::match_key(content.substr(0, 3)) == "sep" && content[3] == '=';
  // Behind the delimiter only what a program that knows no such line may have added: a quote, more delimiters.
  const bool alone = content.size() <= 5 || content.find_first_not_of("\",;|\t ", 5) == content.npos;
  return sep && alone ? place + 4 : line.npos;
}

/// The header row as one delimiter makes it.
struct Header {
  char delimiter = ',';
  CsvRow row;
  CsvRow::Status status = CsvRow::Status::need_more;
  std::vector<std::string> names;
  std::size_t known = 0;  ///< how many of the names mean a column
};

Header header_by(char delimiter, std::string_view text, const Head& head) {
  Header header{.delimiter = delimiter, .row = {}, .names = {}};
  header.status = header.row.scan(text, {.delimiter = delimiter}, head.whole, Limits{});
  if (header.status != CsvRow::Status::row) return header;
  Record names;
  fill_record(text, header.row, header.row.cells.size(), names);
  for (const Cell& cell : names.cells) header.names.emplace_back(cell.text);
  header.known = static_cast<std::size_t>(
      std::ranges::count_if(header.names, [&](const std::string& name) { return head.is_column(name); }));
  return header;
}

/// Most known columns; among equals most columns: an unsound row counts, too, for what is wrong with it is worth more
/// than a sound reading as one odd cell.
Header best_header(std::string_view text, const Head& head, std::string_view delimiters) {
  const auto rank = [](const Header& header) { return std::pair(header.known, header.row.cells.size()); };
  Header best;
  for (const char delimiter : delimiters) {
    Header tried = header_by(delimiter, text, head);
    if (best.row.cells.empty() || rank(tried) > rank(best)) best = std::move(tried);
  }
  // A single column doesn't show one: the usual delimiter goes before what is added.
  if (best.row.cells.size() == 1 && delimiters.size() > 1) best.delimiter = ',';
  return best;
}

/// 0 where it separates nothing: asking what a whole line means would cost more than the rest of the sniff.
std::size_t known_between(std::string_view line, std::string_view separator, const Head& head) {
  if (!line.contains(separator)) return 0;
  std::size_t known = 0;
  for (std::size_t pos = 0; pos <= line.size();) {
    const std::size_t end = std::min(line.find(separator, pos), line.size());
    known += static_cast<std::size_t>(head.is_column(line.substr(pos, end - pos)));
    pos = end + separator.size();
  }
  return known;
}

/// A header of which every line stands in quotes as a whole, so that it is one cell.
bool whole_line_is_quoted(const Header& header, const Head& head) {
  const auto filled =
      std::ranges::count_if(header.names, [](const std::string& name) { return !text::trim(name).empty(); });
  return filled == 1 && !header.names.empty() && std::ranges::any_of(kDelimiters, [&](char delimiter) {
           return known_between(header.names.front(), {&delimiter, 1}, head) >= kFew;
         });
}

/// Why a first line that names hardly any column is no header, where that is clear: another separator, quotes around
/// each line, or a title above the header.
std::optional<text::Message> no_header(std::string_view text, std::size_t line, const Header& header,
                                       const Head& head) {
  const auto shown_line = fmt::to_string(line);
  if (whole_line_is_quoted(header, head)) return text::Message{Word::whole_lines_quoted, {shown_line}};
  const std::string_view first = text.substr(0, text.find_first_of("\r\n"));
  for (const std::string_view separator : kForeign)
    if (const auto known = known_between(first, separator, head); known >= kFew && known > header.known)
      return text::Message{Word::unknown_delimiter, {shown_line, text::shown(separator)}};
  if (header.known > 0) return std::nullopt;
  std::size_t pos = 0;
  for (int i = 0; i < kTitleLines && pos < text.size(); ++i) {
    pos = next_line(text, pos);
    if (pos == text.size() || best_header(text.substr(pos), head, kDelimiters).known < kFew) continue;
    Position where = head.stream.position_at(static_cast<std::size_t>(text.data() - head.text.data()));
    where.advance(text.substr(0, pos));
    return text::Message{Word::title_above_header, {shown_line, fmt::to_string(where.line)}};
  }
  return std::nullopt;
}

/// Reads the `sep=` line, if there is one, and returns where the header begins.
std::expected<std::size_t, Fault> read_separator(const Head& head, std::size_t begin, std::string_view& delimiters) {
  const std::string_view line = head.text.substr(begin, next_line(head.text, begin) - begin);
  const std::size_t place = separator_place(line);
  if (place == line.npos) return begin;
  const auto known = place < line.size() ? kDelimiters.find(line[place]) : kDelimiters.npos;
  if (known == kDelimiters.npos) {
    const std::string named = text::shown(line.substr(place, line.find_first_of("\r\n\"", place) - place));
    return refuse(Word::unknown_separator, {fmt::to_string(head.stream.position_at(begin).line), '"' + named + '"'});
  }
  delimiters = kDelimiters.substr(known, 1);
  return skip_blank_lines(head.text, begin + line.size());
}

}  // namespace

std::expected<Format, Fault> sniff_delimited(Head& head) {
  std::string_view delimiters = kDelimiters;
  const auto begin = read_separator(head, skip_blank_lines(head.text, 0), delimiters);
  if (!begin) return std::unexpected(begin.error());
  const std::string_view text = head.text.substr(*begin);
  if (text.empty()) return refuse(Word::file_blank);
  Header header = best_header(text, head, delimiters);
  const Position start = head.stream.position_at(*begin);
  if (header.status == CsvRow::Status::need_more)
    return refuse(Word::row_too_long, {fmt::to_string(start.line), text::size_words(kSniffBytes)});
  const CsvDialect any_line_end{.delimiter = header.delimiter};
  if (auto fault =
          delimited_fault(header.status, header.row, text, start, {}, header.row.cells.size(), any_line_end, Limits{}))
    return std::unexpected(*std::move(fault));
  if (auto why = no_header(text, start.line, header, head)) return std::unexpected(Fault{.message = *std::move(why)});
  Format& format = head.format;
  format.header_cells = header.names.size();
  while (header.names.size() > 1 && text::trim(header.names.back()).empty()) header.names.pop_back();
  format.header = std::move(header.names);
  format.delimiter = header.delimiter;
  format.newline = newline_after(text, header.row.end);
  format.header_offset = head.stream.offset_at(*begin);
  format.data_offset = head.stream.offset_at(*begin + header.row.next);
  format.data_line = head.stream.position_at(*begin + header.row.next).line;
  return format;
}

}  // namespace sluice::records
