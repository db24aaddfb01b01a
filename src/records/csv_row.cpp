#include "csv_row.hpp"

#include <algorithm>

#include "sluice/text/normal.hpp"

namespace sluice::records {
namespace {

constexpr char kQuote = '"';
constexpr char kEndMark = '\x1A';
constexpr std::string_view kBom = "\uFEFF";

/// After the closing quote of the quoted text at `begin`; npos: it does not close in what there is of the text.
std::size_t skip_quoted(std::string_view text, std::size_t begin) {
  std::size_t quote = text.find(kQuote, begin + 1);
  while (quote != text.npos && quote + 1 < text.size() && text[quote + 1] == kQuote)
    quote = text.find(kQuote, quote + 2);
  return quote == text.npos ? text.npos : quote + 1;
}

/// By its first byte.
constexpr bool may_begin_blank(char c) {
  return c == ' ' || c == '\t' || c == '\xC2' || c == '\xE3' || c == '\xEF';
}

/// Past blanks (also those of Chinese text) and U+FEFF.
std::size_t skip_blanks(std::string_view text, std::size_t pos, char delimiter) {
  static constexpr std::array<std::string_view, 5> kBlanks = {" ", "\t", "\u00A0", "\u3000", kBom};
  while (pos < text.size() && text[pos] != delimiter && may_begin_blank(text[pos])) {
    const auto rest = text.substr(pos);
    const auto blank = std::ranges::find_if(kBlanks, [=](std::string_view each) { return rest.starts_with(each); });
    if (blank == kBlanks.end()) break;
    pos += blank->size();
  }
  return pos;
}

bool blank_cell(std::string_view text, CellSpan cell) {
  if (cell.begin == cell.end) return true;
  const auto first = static_cast<unsigned char>(text[cell.begin]);
  if (first > 0x20 && first < 0x80 && first != kQuote) return false;
  const auto written = cell.quoted() ? unquoted(text, cell) : std::nullopt;
  return text::trim(written ? *written : as_written(text, cell)).empty();
}

/// The next line end at or after `pos`, or the text's end.
std::size_t line_end(std::string_view text, std::size_t pos, CsvDialect dialect) {
  return std::min(dialect.lone_cr_ends ? text.find_first_of("\r\n", pos) : text.find('\n', pos), text.size());
}

/// The lines that a cell over several lines runs over, each as a whole.
std::vector<std::string_view> lines_of(std::string_view row, CellSpan cell, CsvDialect dialect) {
  const auto before = row.substr(0, cell.open);
  const auto end_before = dialect.lone_cr_ends ? before.find_last_of("\r\n") : before.rfind('\n');
  std::size_t begin = end_before == row.npos ? 0 : end_before + 1;
  std::vector<std::string_view> lines;
  while (begin < cell.closed) {
    const std::size_t end = line_end(row, begin, dialect);
    lines.push_back(row.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

std::vector<std::string_view> split(std::string_view line, char delimiter) {
  std::vector<std::string_view> cells;
  std::size_t pos = 0;
  for (auto at = line.find(delimiter); at != line.npos; at = line.find(delimiter, pos)) {
    cells.push_back(line.substr(pos, at - pos));
    pos = at + 1;
  }
  cells.push_back(line.substr(pos));
  return cells;
}

}  // namespace

CsvDialect dialect_of(const Format& format) {
  return {.delimiter = format.delimiter, .lone_cr_ends = format.newline == "\r"};
}

bool CsvRow::ends_cell(std::string_view text, std::size_t pos) const {
  if (text[pos] != '\r' || dialect_.lone_cr_ends) return true;
  // At the text's end, the LF that makes it a line end may be still to come.
  return pos + 1 == text.size() ? !last_ : text[pos + 1] == '\n';
}

CellSpan CsvRow::scan_cell(std::string_view text, std::size_t begin) {
  std::size_t at = begin;
  CellSpan cell{.begin = static_cast<std::uint32_t>(begin)};
  const std::size_t open = skip_blanks(text, begin, dialect_.delimiter);
  if (open < text.size() && text[open] == kQuote) {
    const std::size_t closed = skip_quoted(text, open);
    unclosed = closed == text.npos;
    at = std::min(closed, text.size());
    cell.open = static_cast<std::uint32_t>(open);
    cell.closed = static_cast<std::uint32_t>(at);
  }
  for (; at < text.size(); ++at)
    if (stops_[static_cast<unsigned char>(text[at])] && ends_cell(text, at)) break;
  cell.end = static_cast<std::uint32_t>(at);
  return cell;
}

CsvRow::Status CsvRow::scan(std::string_view text, CsvDialect dialect, bool last, const Limits& limits) {
  dialect_ = dialect;
  last_ = last;
  stops_ = {};
  stops_['\r'] = stops_['\n'] = stops_[static_cast<unsigned char>(dialect.delimiter)] = true;
  cells.clear();
  unclosed = false;
  end = 0;
  std::size_t filled = 0;
  while (true) {
    const CellSpan& cell = cells.emplace_back(scan_cell(text, end));
    filled += static_cast<std::size_t>(cell.end != cell.begin);
    end = cell.end;
    if (filled > limits.cells) return Status::too_many_cells;
    if (end == text.size()) {
      next = end;
      if (!last) return Status::need_more;
      return unclosed ? Status::unclosed_quote : Status::row;
    }
    if (text[end] != dialect.delimiter) break;
    ++end;
  }
  next = end + 1;
  if (text[end] != '\r') return Status::row;
  if (next == text.size()) return last ? Status::row : Status::need_more;
  if (text[next] == '\n') ++next;
  return Status::row;
}

void CsvRow::drop_end_mark(std::string_view text) {
  CellSpan& cell = cells.back();
  const std::size_t least = cell.quoted() ? cell.closed : cell.begin;
  while (cell.end > least && (text[cell.end - 1] == kEndMark || text[cell.end - 1] == '\r')) --cell.end;
  end = cell.end;
}

bool CsvRow::blank(std::string_view text) const {
  if (cells.size() == 1 && text.substr(0, end).find_first_not_of("\x1A \t") == text.npos) return true;
  return std::ranges::all_of(cells, [=](CellSpan cell) { return blank_cell(text, cell); });
}

std::optional<std::string> unquoted(std::string_view text, CellSpan cell) {
  const std::string_view inner = as_written(text, cell);
  const std::string_view behind = behind_quote(text, cell);
  if (behind.empty() && inner.find(kQuote) == inner.npos) return std::nullopt;
  std::string value;
  for (std::size_t i = 0; i < inner.size(); ++i) {
    value += inner[i];
    if (inner[i] == kQuote) ++i;
  }
  return value += behind;
}

std::string_view behind_quote(std::string_view text, CellSpan cell) {
  if (cell.closed == cell.end || !cell.quoted()) return {};
  const std::string_view behind = text.substr(cell.closed, cell.end - cell.closed);
  return text::trim(behind).empty() ? std::string_view() : behind;
}

bool spans_lines(std::string_view text, CellSpan cell, CsvDialect dialect) {
  return cell.quoted() && line_end(text.substr(0, cell.closed), cell.open, dialect) != cell.closed;
}

void fill_record(std::string_view text, const CsvRow& row, std::size_t columns, Record& out) {
  std::size_t count = row.cells.size();
  out.beyond = count > columns ? count - columns : 0;
  while (count > columns && blank_cell(text, row.cells[count - 1])) --count;
  out.names.clear();
  out.cells.renew(std::max(count, columns));
  const auto keep = [&](std::string value) { return out.cells.keep(std::move(value)); };
  for (std::size_t i = 0; i < count; ++i) out.cells[i] = {value_of(text, row.cells[i], keep), CellKind::text};
  for (std::size_t i = count; i < columns; ++i) out.cells[i] = {{}, CellKind::missing};
}

std::optional<std::size_t> swallowing_cell(std::string_view text, const CsvRow& row, CsvDialect dialect, RowLines which,
                                           const ReadsAsRow& reads_as_row) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    if (!spans_lines(text, row.cells[i], dialect)) continue;
    const auto lines = lines_of(text.substr(0, row.end), row.cells[i], dialect);
    const auto is_row = [&](std::string_view line) { return reads_as_row(split(line, dialect.delimiter)); };
    const auto blank = [](std::string_view line) { return text::trim(line).empty(); };
    const std::span inner(lines.data() + 1, lines.size() - 2);
    const bool ends = is_row(lines.front()) && is_row(lines.back());
    const bool swallows =
        which == RowLines::each
            ? ends && std::ranges::all_of(inner, [&](std::string_view line) { return blank(line) || is_row(line); })
            : ends || std::ranges::any_of(inner, is_row);
    if (swallows) return i;
  }
  return std::nullopt;
}

}  // namespace sluice::records
