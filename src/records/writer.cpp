#include "sluice/records/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "csv_row.hpp"
#include "json_members.hpp"
#include "json_scanner.hpp"
#include "result_cells.hpp"
#include "sluice/base/check.hpp"
#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/encoding.hpp"

namespace sluice::records {

/// Writer's two kinds; contracts as there. `separator`: what stands between two records of a subset.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// What stands before the first record, and in `separator` what joins the records of a subset.
  virtual void begin(std::string_view head, std::string& separator, std::string& out) = 0;
  /// A record without its gap.
  virtual void row(const Record& record, std::string_view raw, const RowResult& result, std::string& out) = 0;
};

namespace {

/// Raw bytes decoded to be looked at, and cut in the raw where the text says.
class RawSlices {
 public:
  RawSlices(text::Encoding encoding, std::string_view raw) : raw_(raw) {
    // The Reader took these bytes before, so that they decode.
    static_cast<void>(text::decode(encoding, raw, true, decoded_));
  }

  std::string_view text() const { return decoded_.utf8; }
  /// The raw bytes of text()[begin, end).
  std::string_view raw(std::size_t begin, std::size_t end) const {
    return raw_.substr(offset(begin), offset(end) - offset(begin));
  }
  std::string_view raw_from(std::size_t begin) const { return raw_.substr(offset(begin)); }

 private:
  std::size_t offset(std::size_t pos) const {
    if (pos == decoded_.utf8.size()) return decoded_.consumed;
    return decoded_.origin.empty() ? pos : decoded_.origin[pos];
  }

  std::string_view raw_;
  text::Decoded decoded_;
};

bool is_result_column(std::string_view name) {
  return std::ranges::find(kResultColumns, name) != kResultColumns.end();
}

class DelimitedWriter : public RowWriter {
 public:
  DelimitedWriter(const Format& format, bool ascii, text::Lang lang)
      : format_(format),
        dialect_(dialect_of(format)),
        cells_(format.encoding, format.delimiter, ascii, lang),
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

class JsonWriter : public RowWriter {
 public:
  JsonWriter(const Format& format, bool ascii, text::Lang lang)
      : encoding_(format.encoding),
        lines_(format.shape == Shape::json_lines),
        newline_(format.newline),
        cells_(format.encoding, std::nullopt, ascii, lang) {}

  void begin(std::string_view head, std::string& separator, std::string& out) override {
    out += head;
    separator = text::encode(encoding_, lines_ ? newline_ : ',' + indent(head));
  }

  void row(const Record& record, std::string_view raw, const RowResult& result, std::string& out) override {
    const RawSlices slices(encoding_, raw);
    JsonScanner scanner;
    std::size_t end = 0;
    const auto status = scanner.run(slices.text(), end);
    SLUICE_CHECK(slices.text().starts_with('{') && status == JsonScanner::Status::done, "a record that was never read");
    find_members(slices.text(), members_);
    out += slices.raw(0, members_.empty() ? 1 : members_.front().name_begin);
    if (keep_members(slices, out)) out += text::encode(encoding_, ",");
    cells_.append(result, record.line, out);
    out += slices.raw_from(members_.empty() ? 1 : members_.back().value_end);
  }

 private:
  /// The white space between the list's bracket and its first order: what to put before each of them.
  std::string indent(std::string_view head) const {
    const RawSlices slices(encoding_, head);
    const std::string_view text = slices.text();
    const auto bracket = text.find_last_not_of(" \t\r\n");
    return std::string(text.substr(bracket == text.npos ? text.size() : bracket + 1));
  }

  /// The members but for those named "result", each but the first with what stands before it; false if none is left.
  bool keep_members(const RawSlices& slices, std::string& out) const {
    bool any = false;
    for (std::size_t i = 0; i < members_.size(); ++i) {
      const JsonMember& member = members_[i];
      if (unescaped(slices.text().substr(member.name_begin, member.name_end - member.name_begin)) == "result") continue;
      const std::size_t begin = any ? members_[i - 1].value_end : member.name_begin;
      out += slices.raw(begin, member.value_end);
      any = true;
    }
    return any;
  }

  text::Encoding encoding_;
  bool lines_;
  std::string newline_;
  ResultCells cells_;
  std::vector<JsonMember> members_;
};

std::unique_ptr<RowWriter> row_writer(const Format& format, bool ascii, text::Lang lang) {
  if (format.shape == Shape::delimited) return std::make_unique<DelimitedWriter>(format, ascii, lang);
  return std::make_unique<JsonWriter>(format, ascii, lang);
}

}  // namespace

Writer::Writer(const Format& format, bool all, bool ascii, text::Lang lang)
    : rows_(row_writer(format, ascii, lang)), all_(all) {}
Writer::~Writer() = default;
Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&&) noexcept = default;

void Writer::begin(std::string_view head, std::string& out) {
  rows_->begin(head, separator_, out);
}

void Writer::row(const Record& record, std::string_view raw, std::string_view gap, const RowResult& result,
                 std::string& out) {
  if (all_) {
    out += gap;
  } else if (!first_) {
    out += separator_;
  }
  first_ = false;
  rows_->row(record, raw, result, out);
}

void Writer::end(std::string_view tail, std::string& out) {
  out += tail;
}

}  // namespace sluice::records
