#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "csv_row.hpp"
#include "decoded_stream.hpp"
#include "delimited_reader.hpp"
#include "fault.hpp"
#include "json_members.hpp"
#include "json_scanner.hpp"
#include "signature.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

using text::Word;

constexpr std::string_view kDelimiters = "\t,;";  // the first of those that make the most columns

std::unexpected<Fault> refuse(Word word, std::vector<std::string> args = {}) {
  return std::unexpected(Fault{.message = {.word = word, .args = std::move(args)}});
}

/// After the line end at or after `pos`, or the text's end.
std::size_t next_line(std::string_view text, std::size_t pos) {
  const std::size_t end = text.find_first_of("\r\n", pos);
  if (end == text.npos) return text.size();
  return end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
}

/// Past lines of nothing but white space, quotes and delimiters.
std::size_t skip_blank_lines(std::string_view text, std::size_t pos) {
  while (pos < text.size()) {
    const std::size_t next = next_line(text, pos);
    std::string_view line = text.substr(pos, next - pos);
    std::size_t before = 0;
    do {
      before = line.size();
      line = text::trim(line);
      line.remove_prefix(std::min(line.find_first_not_of(",;\t\""), line.size()));
    } while (line.size() != before);
    if (!line.empty()) break;
    pos = next;
  }
  return pos;
}

std::string newline_after(std::string_view text, std::size_t pos) {
  const std::size_t end = text.find_first_of("\r\n", pos);
  return end == text.npos ? "\n" : std::string(text.substr(end, next_line(text, end) - end));
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
  const bool alone = content.size() <= 5 || content.find_first_not_of("\",;\t ", 5) == content.npos;
  return sep && alone ? place + 4 : line.npos;
}

/// The header row read with the delimiter that makes the most of it.
struct Header {
  char delimiter = ',';
  CsvRow row;
  CsvRow::Status status = CsvRow::Status::need_more;
};

Header best_header(std::string_view text, bool whole, std::string_view delimiters) {
  Header best;
  for (const char delimiter : delimiters) {
    Header tried{.delimiter = delimiter, .row = {}, .status = {}};
    tried.status = tried.row.scan(text, delimiter, whole, Limits{});
    // An unsound row counts as well: what is wrong with it is worth more than a sound reading as one odd cell.
    if (tried.row.cells.size() > best.row.cells.size()) best = std::move(tried);
  }
  // One column: nothing to tell it from, so the usual one for what is added.
  if (best.row.cells.size() == 1 && delimiters.size() > 1) best.delimiter = ',';
  return best;
}

class Sniffer {
 public:
  Sniffer(std::string_view head, bool whole, text::Encoding encoding, std::span<const std::string_view> wrappers)
      : whole_(whole), stream_(encoding, 0, 1) {
    format_.encoding = encoding;
    format_.wrappers = wrappers;
    stream_.feed(head, whole);
    format_.bom = head.starts_with(text::bom(encoding));
    if (format_.bom && !stream_.text().empty()) stream_.take(std::string_view("\uFEFF").size());
    text_ = stream_.text();
  }

  std::expected<Format, Fault> tell() {
    if (stream_.fault()) return std::unexpected(*stream_.fault());
    const auto first = static_cast<std::size_t>(std::ranges::find_if_not(text_, is_json_space) - text_.begin());
    const char c = first == text_.size() ? '\0' : text_[first];
    if (c == '<') return refuse(Word::file_is_markup);
    if (const auto rest = text_.substr(first); rest.starts_with("//") || rest.starts_with("/*"))
      return std::unexpected(json_fault(Word::json_comment, stream_.position_at(first), rest));
    return c == '[' || c == '{' ? json(first) : delimited();
  }

 private:
  std::expected<Format, Fault> delimited();
  std::expected<std::size_t, Fault> read_separator(std::size_t begin, std::string_view& delimiters) const;
  std::expected<Format, Fault> json(std::size_t first);
  std::optional<std::size_t> find_wrapper(std::size_t brace);
  bool scan(std::size_t& pos) const;
  bool skip_to(char c, std::size_t& pos) const;
  void skip_space(std::size_t& pos) const {
    while (pos < text_.size() && is_json_space(text_[pos])) ++pos;
  }

  bool whole_;
  DecodedStream stream_;
  std::string_view text_;
  Format format_;
};

/// Reads the `sep=` line, if there is one, and returns where the header begins.
std::expected<std::size_t, Fault> Sniffer::read_separator(std::size_t begin, std::string_view& delimiters) const {
  const std::string_view line = text_.substr(begin, next_line(text_, begin) - begin);
  const std::size_t place = separator_place(line);
  if (place == line.npos) return begin;
  const auto known = place < line.size() ? kDelimiters.find(line[place]) : kDelimiters.npos;
  if (known == kDelimiters.npos) {
    const std::string named = text::shown(line.substr(place, line.find_first_of("\r\n\"", place) - place));
    return refuse(Word::unknown_separator, {fmt::to_string(stream_.position_at(begin).line), '"' + named + '"'});
  }
  delimiters = kDelimiters.substr(known, 1);
  return skip_blank_lines(text_, begin + line.size());
}

std::expected<Format, Fault> Sniffer::delimited() {
  std::string_view delimiters = kDelimiters;
  auto begin = read_separator(skip_blank_lines(text_, 0), delimiters);
  if (!begin) return std::unexpected(begin.error());
  const std::string_view text = text_.substr(*begin);
  if (text.empty()) return refuse(Word::file_blank);
  const Header header = best_header(text, whole_, delimiters);
  const std::uint64_t line = stream_.position_at(*begin).line;
  if (header.status == CsvRow::Status::need_more) {
    return refuse(Word::row_too_long, {fmt::to_string(line), fmt::to_string(kSniffBytes)});
  }
  if (header.status != CsvRow::Status::row) {
    return std::unexpected(delimited_fault(header.status, header.row, text, line, {}, Limits{}));
  }
  Record names;
  fill_record(text, header.row, header.row.cells.size(), names);
  for (Cell& cell : names.cells) format_.header.push_back(std::move(cell.text));
  format_.delimiter = header.delimiter;
  format_.newline = newline_after(text, header.row.end);
  format_.header_offset = stream_.offset_at(*begin);
  format_.data_offset = stream_.offset_at(*begin + header.row.next);
  format_.data_line = stream_.position_at(*begin + header.row.next).line;
  return format_;
}

std::expected<Format, Fault> Sniffer::json(std::size_t first) {
  format_.newline = newline_after(text_, 0);
  std::size_t data = first;
  if (text_[first] == '[') {
    format_.shape = Shape::json_array;
    ++data;
  } else if (const auto list = find_wrapper(first)) {
    format_.shape = Shape::json_wrapped;
    data = *list;
  } else {
    format_.shape = Shape::json_lines;
  }
  skip_space(data);
  format_.data_offset = stream_.offset_at(data);
  format_.data_line = stream_.position_at(data).line;
  return format_;
}

/// Steps over one value; false where it is not all there or not sound. The Reader says what is wrong with it.
bool Sniffer::scan(std::size_t& pos) const {
  JsonScanner scanner;
  return scanner.run(text_, pos) == JsonScanner::Status::done;
}

/// Steps over white space, then over `c`; false if something else stands there.
bool Sniffer::skip_to(char c, std::size_t& pos) const {
  skip_space(pos);
  if (pos == text_.size() || text_[pos] != c) return false;
  ++pos;
  return true;
}

/// Looks among the members of the object at `brace` for one that holds orders; returns where the first is to be.
std::optional<std::size_t> Sniffer::find_wrapper(std::size_t brace) {
  std::size_t pos = brace + 1;
  do {
    skip_space(pos);
    const std::size_t name_begin = pos;
    if (pos == text_.size() || text_[pos] != '"' || !scan(pos)) return std::nullopt;
    const std::string name = unescaped(text_.substr(name_begin, pos - name_begin));
    if (!skip_to(':', pos)) return std::nullopt;
    if (std::ranges::find(format_.wrappers, name) != format_.wrappers.end()) {
      format_.wrapper = name;
      skip_to('[', pos);
      return pos;
    }
    skip_space(pos);
    if (pos == text_.size() || !scan(pos)) return std::nullopt;
  } while (skip_to(',', pos));
  return std::nullopt;
}

}  // namespace

std::expected<Format, Fault> sniff(std::string_view head, bool whole, text::Encoding encoding,
                                   std::span<const std::string_view> wrappers) {
  if (head.empty() && whole) return refuse(Word::file_empty);
  if (auto foreign = foreign_format(head)) return std::unexpected(Fault{.message = std::move(*foreign)});
  return Sniffer(head, whole, encoding, wrappers).tell();
}

}  // namespace sluice::records
