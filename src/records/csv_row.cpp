#include "csv_row.hpp"

#include <algorithm>

#include "sluice/text/normal.hpp"

namespace sluice::records {
namespace {

constexpr char kQuote = '"';

/// After the closing quote of the quoted text at `begin`; npos: it does not close in what there is of the text.
std::size_t skip_quoted(std::string_view text, std::size_t begin) {
  std::size_t quote = text.find(kQuote, begin + 1);
  while (quote != text.npos && quote + 1 < text.size() && text[quote + 1] == kQuote)
    quote = text.find(kQuote, quote + 2);
  return quote == text.npos ? text.npos : quote + 1;
}

bool blank_cell(std::string_view text, CellSpan cell) {
  if (cell.begin == cell.end) return true;
  const auto first = static_cast<unsigned char>(text[cell.begin]);
  if (first > 0x20 && first < 0x80 && first != kQuote) return false;
  std::string buffer;
  return text::trim(value_of(text, cell, buffer)).empty();
}

}  // namespace

CellSpan CsvRow::scan_cell(std::string_view text, std::size_t begin) const {
  CellSpan cell{.begin = begin, .end = begin, .quoted = begin < text.size() && text[begin] == kQuote};
  if (cell.quoted) cell.end = std::min(skip_quoted(text, begin), text.size());
  while (cell.end < text.size() && !stops_[static_cast<unsigned char>(text[cell.end])]) ++cell.end;
  return cell;
}

CsvRow::Status CsvRow::scan(std::string_view text, char delimiter, bool last, const Limits& limits) {
  stops_ = {};
  stops_['\r'] = stops_['\n'] = stops_[static_cast<unsigned char>(delimiter)] = true;
  cells.clear();
  end = 0;
  while (true) {
    const CellSpan& cell = cells.emplace_back(scan_cell(text, end));
    end = cell.end;
    if (end - cell.begin > limits.cell_bytes) return Status::cell_too_long;
    if (cells.size() > limits.cells) return Status::too_many_cells;
    if (end == text.size()) {
      next = end;
      if (!last) return Status::need_more;
      const bool open = cell.quoted && skip_quoted(text, cell.begin) == text.npos;
      return open ? Status::unclosed_quote : Status::row;
    }
    if (text[end] != delimiter) break;
    ++end;
  }
  next = end + 1;
  if (text[end] != '\r') return Status::row;
  if (next == text.size()) return last ? Status::row : Status::need_more;
  if (text[next] == '\n') ++next;
  return Status::row;
}

bool CsvRow::blank(std::string_view text) const {
  return std::ranges::all_of(cells, [=](CellSpan cell) { return blank_cell(text, cell); });
}

std::string_view value_of(std::string_view text, CellSpan cell, std::string& buffer) {
  const std::string_view spelled = text.substr(cell.begin, cell.end - cell.begin);
  if (!cell.quoted) return spelled;
  const std::size_t closed = std::min(skip_quoted(spelled, 0), spelled.size());
  const std::string_view inner = spelled.substr(1, closed - 2);
  if (closed == spelled.size() && inner.find(kQuote) == inner.npos) return inner;
  buffer.clear();
  for (std::size_t i = 0; i < inner.size(); ++i) {
    buffer += inner[i];
    if (inner[i] == kQuote) ++i;
  }
  return buffer += spelled.substr(closed);
}

void fill_record(std::string_view text, const CsvRow& row, std::size_t columns, Record& out) {
  std::size_t count = row.cells.size();
  while (count > columns && blank_cell(text, row.cells[count - 1])) --count;
  out.names.clear();
  out.cells.resize(std::max(count, columns));
  std::string buffer;
  for (std::size_t i = 0; i < out.cells.size(); ++i) {
    const bool there = i < count;
    out.cells[i].kind = there ? CellKind::text : CellKind::missing;
    out.cells[i].text = there ? value_of(text, row.cells[i], buffer) : std::string_view();
  }
}

}  // namespace sluice::records
