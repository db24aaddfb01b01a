#pragma once

#include "csv_row.hpp"
#include "decoded_stream.hpp"
#include "plain_line.hpp"

namespace sluice::records {

/// The rows below a header, one after the other.
class DelimitedReader {
 public:
  DelimitedReader(const Format& format, Limits limits)
      : header_(format.header),
        dialect_(dialect_of(format)),
        header_line_(format.data_line),
        limits_(limits),
        plain_(format.delimiter, format.header.size(), limits) {}

  std::expected<Reader::Step, Fault> next(DecodedStream& stream, Record& out);

 private:
  bool take_plain(DecodedStream& stream, PlainLine::Length length, Record& out);
  std::expected<Reader::Step, Fault> take(DecodedStream& stream, Record& out);

  std::vector<std::string> header_;
  CsvDialect dialect_;
  std::uint64_t header_line_;
  Limits limits_;
  PlainLine plain_;
  CsvRow row_;
  std::uint64_t rows_ = 0;
};

/// The fault of a cell that swallows rows, if the row has one.
std::optional<Fault> swallowing_fault(const CsvRow& row, std::string_view text, Position start,
                                      const std::vector<std::string>& header, CsvDialect dialect, RowLines which,
                                      const ReadsAsRow& reads_as_row);

/// What makes a row a fault of the whole file, if anything does: its scan's status, or a quote that runs over lines and
/// looks like a stray one. `start`: of the text. `columns`: how many a row has.
std::optional<Fault> delimited_fault(CsvRow::Status status, const CsvRow& row, std::string_view text, Position start,
                                     const std::vector<std::string>& header, std::size_t columns, CsvDialect dialect,
                                     const Limits& limits);

}  // namespace sluice::records
