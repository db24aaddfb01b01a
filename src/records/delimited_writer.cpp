#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "csv_row.hpp"
#include "result_cells.hpp"
#include "row_writer.hpp"

namespace sluice::records {
namespace {

bool is_result_column(std::string_view name) {
  return std::ranges::find(kResultColumns, name) != kResultColumns.end();
}

class DelimitedWriter : public RowWriter {
 public:
  DelimitedWriter(const Format& format, bool ascii)
      : format_(format),
        dialect_(dialect_of(format)),
        cells_(format.encoding, format.delimiter, ascii),
        delimiter_(text::encode(format.encoding, {&format.delimiter, 1})) {
    for (const std::string& name : format.header) ours_.push_back(is_result_column(name));
    any_ours_ = std::ranges::find(ours_, true) != ours_.end();
  }

  void begin(std::string_view head, std::string& separator, std::string& out) override {
    separator = text::encode(format_.encoding, format_.newline);
    out += head.substr(0, format_.header_offset);
    const RawSlices rest(format_.encoding, head.substr(format_.header_offset));
    row_.scan(rest.text(), dialect_, true, kNoLimits);
    keep_cells(rest, out);
    std::string names;
    for (const std::string_view name : kResultColumns) names += fmt::format("{}{}", format_.delimiter, name);
    out += text::encode(format_.encoding, names);
    out += rest.raw_from(row_.end);
  }

  void row(const Record& record, std::string_view raw, const RowResult& result, std::string& out) override {
    const bool as_wide_as_header = record.beyond == 0 && record.cells.back().kind != CellKind::missing;
    if (!any_ours_ && as_wide_as_header) {
      out += raw;
    } else {
      const RawSlices slices(format_.encoding, raw);
      row_.scan(slices.text(), dialect_, true, kNoLimits);
      keep_cells(slices, out);
    }
    cells_.append(result, record.line, out);
  }

 private:
  static constexpr Limits kNoLimits{.record_bytes = SIZE_MAX, .cells = SIZE_MAX};

  /// One cell for each column of the header but ours: its own bytes, or nothing where the row has none.
  void keep_cells(const RawSlices& slices, std::string& out) const {
    bool first = true;
    for (std::size_t i = 0; i < ours_.size(); ++i) {
      if (ours_[i]) continue;
      if (!std::exchange(first, false)) out += delimiter_;
      if (i < row_.cells.size()) out += slices.raw(row_.cells[i].begin, row_.cells[i].end);
    }
  }

  Format format_;
  CsvDialect dialect_;
  ResultCells cells_;
  std::string delimiter_;
  std::vector<bool> ours_;  ///< by column: a result column that the input had already
  bool any_ours_ = false;
  CsvRow row_;
};

}  // namespace

std::unique_ptr<RowWriter> delimited_writer(const Format& format, bool ascii) {
  return std::make_unique<DelimitedWriter>(format, ascii);
}

}  // namespace sluice::records
