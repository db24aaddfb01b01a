#include "plain_line.hpp"

#include <bit>

#include "stops.hpp"

namespace sluice::records {

namespace {
constexpr char kQuote = '"';
constexpr char kBomBegins = '\xEF';
}  // namespace

/// False: for the careful way, since it may hold more, or less, than it shows.
inline bool PlainLine::put_cell(std::string_view text, std::size_t end, Put& put, Record& out) const {
  const std::string_view cell(text.data() + put.begin, end - put.begin);
  put.begin = end + 1;
  if (put.count++ >= columns_) return cell.empty();
  out.cells[put.count - 1] = {cell, CellKind::text};
  if (cell.empty()) return true;
  const auto first = static_cast<unsigned char>(cell.front());
  put.visible |= first > 0x20 && first < 0x80;
  return cell.front() != kBomBegins;
}

bool PlainLine::finish(const Put& put, Record& out) const {
  if (!put.visible || put.count > limits_.cells) return false;
  for (std::size_t i = put.count; i < columns_; ++i) out.cells[i] = {{}, CellKind::missing};
  out.beyond = put.count > columns_ ? put.count - columns_ : 0;
  out.spans_lines = false;
  if (!out.names.empty()) out.names.clear();
  if (out.flaw) out.flaw.reset();
  return true;
}

std::optional<PlainLine::Length> PlainLine::line(std::string_view text, Record& out) const {
  const Stops stops(delimiter_, '\n', kQuote);
  out.cells.renew(columns_);
  Put put;
  for (std::size_t pos = 0; pos < text.size() && pos <= limits_.record_bytes; pos += Stops::kAtOnce) {
    auto [delimiters, ends] = stops.among(text, pos);
    const std::size_t end = pos + static_cast<std::size_t>(std::countr_zero(ends));
    if (ends != 0) delimiters &= (ends & -ends) - 1;
    for (; delimiters != 0; delimiters &= delimiters - 1)
      if (!put_cell(text, pos + static_cast<std::size_t>(std::countr_zero(delimiters)), put, out)) return std::nullopt;
    if (ends == 0) continue;
    if (text[end] == kQuote) return std::nullopt;
    const std::size_t row = end > put.begin && text[end - 1] == '\r' ? end - 1 : end;
    const bool plain = put_cell(text, row, put, out) && row <= limits_.record_bytes && finish(put, out);
    return plain ? std::optional(Length{.row = row, .line = end + 1}) : std::nullopt;
  }
  return std::nullopt;
}

bool PlainLine::row(std::string_view text, Record& out) const {
  const Stops stops(delimiter_, '\n', kQuote);
  out.cells.renew(columns_);
  Put put;
  for (std::size_t pos = 0; pos < text.size(); pos += Stops::kAtOnce) {
    auto [delimiters, ends] = stops.among(text, pos);
    if (ends != 0) return false;
    for (; delimiters != 0; delimiters &= delimiters - 1)
      if (!put_cell(text, pos + static_cast<std::size_t>(std::countr_zero(delimiters)), put, out)) return false;
  }
  return put_cell(text, text.size(), put, out) && finish(put, out);
}

}  // namespace sluice::records
