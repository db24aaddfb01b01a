#include "plain_line.hpp"

#include <algorithm>
#include <bit>
#include <span>

#include "stops.hpp"

namespace sluice::records {

namespace {

constexpr char kQuote = '"';
constexpr char kBomBegins = '\xEF';

/// Whether it holds what people see, as nearly all cells do: not blank, and no question of what is.
bool is_visible(std::string_view cell) {
  const auto first = static_cast<unsigned char>(cell.empty() ? '\0' : cell.front());
  return first > 0x20 && first < 0x80;
}

}  // namespace

/// False: for the careful way, since it may hold more, or less, than it shows.
inline bool PlainLine::put_cell(const char* end, Put& put) const {
  const std::string_view cell(put.begin, static_cast<std::size_t>(end - put.begin));
  if (put.cell == put.end) {
    ++put.beyond;
    return cell.empty();
  }
  *put.cell++ = {cell, CellKind::text};
  return cell.empty() || cell.front() != kBomBegins;
}

inline bool PlainLine::put_cells(const char* at, std::uint64_t delimiters, Put& put) const {
  for (; delimiters != 0; delimiters &= delimiters - 1) {
    const char* const end = at + std::countr_zero(delimiters);
    if (!put_cell(end, put)) return false;
    put.begin = end + 1;
  }
  return true;
}

inline bool PlainLine::finish(const Put& put, Record& out) const {
  const std::span cells(put.end - columns_, put.cell);
  if (cells.size() + put.beyond > limits_.cells) return false;
  const auto visible = [](const Cell& cell) { return is_visible(cell.text); };
  if (cells.empty() || (!visible(cells.front()) && std::ranges::none_of(cells, visible))) return false;
  for (Cell* cell = put.cell; cell != put.end; ++cell) *cell = {{}, CellKind::missing};
  out.beyond = put.beyond;
  out.spans_lines = false;
  if (!out.names.empty()) out.names.clear();
  if (out.flaw) out.flaw.reset();
  return true;
}

PlainLine::Put PlainLine::begin(std::string_view text, Record& out) const {
  out.cells.renew(columns_);
  Cell* const cells = columns_ == 0 ? nullptr : &out.cells[0];
  return {.begin = text.data(), .cell = cells, .end = cells + columns_};
}

std::optional<PlainLine::Length> PlainLine::line(std::string_view text, Record& out) const {
  const Stops stops(delimiter_, '\n', kQuote);
  Put put = begin(text, out);
  for (std::size_t pos = 0; pos < text.size() && pos <= limits_.record_bytes; pos += Stops::kAtOnce) {
    const auto [delimiters, ends] = stops.among(text, pos);
    const char* const at = text.data() + pos;
    if (ends == 0) {
      if (!put_cells(at, delimiters, put)) return std::nullopt;
      continue;
    }
    const char* const end = at + std::countr_zero(ends);
    if (*end == kQuote || !put_cells(at, delimiters & ((ends & -ends) - 1), put)) return std::nullopt;
    const char* const row_end = end > put.begin && end[-1] == '\r' ? end - 1 : end;
    const auto row = static_cast<std::size_t>(row_end - text.data());
    if (!put_cell(row_end, put) || row > limits_.record_bytes || !finish(put, out)) return std::nullopt;
    return Length{.row = row, .line = static_cast<std::size_t>(end - text.data()) + 1};
  }
  return std::nullopt;
}

bool PlainLine::row(std::string_view text, Record& out) const {
  const Stops stops(delimiter_, '\n', kQuote);
  Put put = begin(text, out);
  for (std::size_t pos = 0; pos < text.size(); pos += Stops::kAtOnce) {
    const auto [delimiters, ends] = stops.among(text, pos);
    if (ends != 0 || !put_cells(text.data() + pos, delimiters, put)) return false;
  }
  return put_cell(text.data() + text.size(), put) && finish(put, out);
}

}  // namespace sluice::records
