#include "delimited_reader.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {

using text::Word;

namespace {

Position position_in(std::string_view text, std::size_t pos, Position start) {
  start.advance(text.substr(0, pos));
  return start;
}

/// A quote that runs over lines in a way that only a stray one does: the line where it opens, and how far it runs.
Fault quote_fault(Word word, std::size_t index, const CsvRow& row, std::string_view text, Position start,
                  const std::vector<std::string>& header) {
  const CellSpan cell = row.cells[index];
  const auto opens = position_in(text, cell.open, start).line;
  const auto closes = position_in(text, cell.closed, start).line;
  return row_fault(word, opens, {column_words(index, header), fmt::to_string(closes)});
}

std::optional<text::Message> flaw_of(const CsvRow& row, std::string_view text, const std::vector<std::string>& header) {
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const auto behind = behind_quote(text, row.cells[i]);
    if (!behind.empty()) return text::Message{Word::text_behind_quote, {column_words(i, header), text::shown(behind)}};
  }
  return std::nullopt;
}

/// Lines of the header's own width are rows. With a single column that means nothing: every line would be one.
ReadsAsRow as_wide_as(std::size_t columns) {
  return [columns](std::span<const std::string_view> cells) {
    return columns > 1 && cells.size() >= columns &&
           std::ranges::any_of(cells, [](std::string_view cell) { return !text::trim(cell).empty(); });
  };
}

}  // namespace

std::optional<Fault> swallowing_fault(const CsvRow& row, std::string_view text, Position start,
                                      const std::vector<std::string>& header, CsvDialect dialect, RowLines which,
                                      const ReadsAsRow& reads_as_row) {
  const auto cell = swallowing_cell(text, row, dialect, which, reads_as_row);
  if (!cell) return std::nullopt;
  return quote_fault(Word::quote_swallows_rows, *cell, row, text, start, header);
}

std::optional<Fault> delimited_fault(CsvRow::Status status, const CsvRow& row, std::string_view text, Position start,
                                     const std::vector<std::string>& header, std::size_t columns, CsvDialect dialect,
                                     const Limits& limits) {
  if (status == CsvRow::Status::too_many_cells)
    return row_fault(Word::too_many_cells, start.line, {fmt::to_string(limits.cells)});
  const std::size_t last = row.cells.size() - 1;
  if (status == CsvRow::Status::unclosed_quote)
    return quote_fault(Word::quote_never_closes, last, row, text, start, header);
  for (std::size_t i = 0; i < row.cells.size(); ++i)
    if (!behind_quote(text, row.cells[i]).empty() && spans_lines(text, row.cells[i], dialect))
      return quote_fault(Word::quote_closes_inside, i, row, text, start, header);
  return swallowing_fault(row, text, start, header, dialect, RowLines::each, as_wide_as(columns));
}

std::expected<Reader::Step, Fault> DelimitedReader::next(DecodedStream& stream, Record& out) {
  while (true) {
    const std::string_view text = stream.text();
    if (text.empty()) {
      if (!stream.last()) return Reader::Step::need_more;
      if (rows_ == 0) return std::unexpected(row_fault(Word::no_rows, header_line_, {}));
      return Reader::Step::end;
    }
    if (!dialect_.lone_cr_ends) {
      if (const auto length = plain_.line(text, out); length && take_plain(stream, *length, out))
        return Reader::Step::record;
    }
    auto status = row_.scan(text, dialect_, stream.last(), limits_);
    if (stream.last() && row_.end == text.size() && !row_.unclosed) row_.drop_end_mark(text);
    const std::uint64_t length = stream.offset_at(row_.end) - stream.offset_at(0);
    const bool too_long = length > limits_.record_bytes;
    // A quote without its end swallows the rest of the file; the limit only shows it sooner.
    if (too_long && row_.unclosed && spans_lines(text, row_.cells.back(), dialect_))
      status = CsvRow::Status::unclosed_quote;
    if (too_long && status != CsvRow::Status::unclosed_quote)
      return std::unexpected(
          row_fault(Word::row_too_long, stream.position().line, {text::size_words(limits_.record_bytes)}));
    if (status == CsvRow::Status::need_more) return Reader::Step::need_more;
    if (auto fault = delimited_fault(status, row_, text, stream.position(), header_, header_.size(), dialect_, limits_))
      return std::unexpected(*std::move(fault));
    if (!row_.blank(text)) return take(stream, out);
    stream.take(row_.next);
  }
}

/// No cell of it is quoted: nothing is behind a quote, and nothing runs over lines. False: it is too long as the file
/// has it.
bool DelimitedReader::take_plain(DecodedStream& stream, PlainLine::Length length, Record& out) {
  const auto offset = stream.offset_at(0);
  const auto bytes = stream.offset_at(length.row) - offset;
  if (bytes > limits_.record_bytes) return false;
  out.ref = {.row = ++rows_, .offset = offset, .length = static_cast<std::uint32_t>(bytes)};
  out.line = stream.position().line;
  stream.take_line(length.line);
  return true;
}

std::expected<Reader::Step, Fault> DelimitedReader::take(DecodedStream& stream, Record& out) {
  const std::string_view text = stream.text();
  const std::uint64_t offset = stream.offset_at(0);
  const std::uint64_t length = stream.offset_at(row_.end) - offset;
  out.ref = {.row = ++rows_, .offset = offset, .length = static_cast<std::uint32_t>(length)};
  out.line = stream.position().line;
  fill_record(text, row_, header_.size(), out);
  out.flaw = flaw_of(row_, text, header_);
  out.spans_lines = std::ranges::any_of(row_.cells, [&](CellSpan cell) { return spans_lines(text, cell, dialect_); });
  stream.take(row_.next);
  return Reader::Step::record;
}

}  // namespace sluice::records
