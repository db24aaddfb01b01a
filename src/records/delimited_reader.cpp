#include "delimited_reader.hpp"

#include <fmt/format.h>

#include "fault.hpp"

namespace sluice::records {

using text::Word;

Fault delimited_fault(CsvRow::Status status, const CsvRow& row, std::string_view text, std::uint64_t line,
                      const std::vector<std::string>& header, const Limits& limits) {
  const std::size_t column = row.cells.size() - 1;
  Position cell{.line = line};
  cell.advance(text.substr(0, row.cells.back().begin));
  switch (status) {
    case CsvRow::Status::unclosed_quote:
      return row_fault(Word::quote_never_closes, cell.line, {column_words(column, header)});
    case CsvRow::Status::too_many_cells:
      return row_fault(Word::too_many_cells, line, {fmt::to_string(limits.cells)});
    default:
      return row_fault(Word::cell_too_long, cell.line,
                       {column_words(column, header), fmt::to_string(limits.cell_bytes)});
  }
}

std::expected<Reader::Step, Fault> DelimitedReader::next(DecodedStream& stream, Record& out) {
  while (true) {
    const std::string_view text = stream.text();
    if (text.empty()) {
      if (!stream.last()) return Reader::Step::need_more;
      if (rows_ == 0) return std::unexpected(row_fault(Word::no_rows, header_line_, {}));
      return Reader::Step::end;
    }
    const auto status = row_.scan(text, delimiter_, stream.last(), limits_);
    const std::uint64_t line = stream.position().line;
    if (status != CsvRow::Status::row && status != CsvRow::Status::need_more) {
      return std::unexpected(delimited_fault(status, row_, text, line, header_, limits_));
    }
    const std::uint64_t offset = stream.offset_at(0);
    const std::uint64_t length = stream.offset_at(row_.end) - offset;
    if (length > limits_.record_bytes) {
      return std::unexpected(row_fault(Word::row_too_long, line, {fmt::to_string(limits_.record_bytes)}));
    }
    if (status == CsvRow::Status::need_more) return Reader::Step::need_more;
    const bool blank = row_.blank(text);
    if (!blank) {
      out.ref = {.row = ++rows_, .offset = offset, .length = static_cast<std::uint32_t>(length)};
      out.line = line;
      fill_record(text, row_, header_.size(), out);
    }
    stream.take(row_.next);
    if (!blank) return Reader::Step::record;
  }
}

}  // namespace sluice::records
