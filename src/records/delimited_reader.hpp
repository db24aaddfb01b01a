#pragma once

#include "csv_row.hpp"
#include "decoded_stream.hpp"

namespace sluice::records {

/// The rows below a header, one after the other.
class DelimitedReader {
 public:
  DelimitedReader(const Format& format, Limits limits)
      : header_(format.header), delimiter_(format.delimiter), header_line_(format.data_line), limits_(limits) {}

  std::expected<Reader::Step, Fault> next(DecodedStream& stream, Record& out);

 private:
  std::vector<std::string> header_;
  char delimiter_;
  std::uint64_t header_line_;
  Limits limits_;
  CsvRow row_;
  std::uint64_t rows_ = 0;
};

/// The words for a row that could not be read.
Fault delimited_fault(CsvRow::Status status, const CsvRow& row, std::string_view text, std::uint64_t line,
                      const std::vector<std::string>& header, const Limits& limits);

}  // namespace sluice::records
