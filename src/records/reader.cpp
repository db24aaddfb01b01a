#include "sluice/records/reader.hpp"

#include <variant>

#include "delimited_reader.hpp"
#include "json_reader.hpp"

namespace sluice::records {
namespace {

DecodedStream stream_of(const Format& format) {
  if (format.shape == Shape::delimited)
    return {format.encoding, format.data_offset, format.data_line, dialect_of(format).lone_cr_ends};
  return {format.encoding, format.bom ? text::bom(format.encoding).size() : 0, 1, true};
}

std::unexpected<Fault> changed() {
  return std::unexpected(Fault{.message = {.word = text::Word::row_changed, .args = {}}});
}

std::expected<Record, Fault> delimited_again(const Format& format, std::string_view text, const Limits& limits) {
  Record record;
  CsvRow row;
  row.cells.reserve(format.header.size());
  const auto status = row.scan(text, dialect_of(format), true, limits);
  if (status != CsvRow::Status::row || row.end != text.size() || row.blank(text)) return changed();
  fill_record(text, row, format.header.size(), record);
  return record;
}

std::expected<Record, Fault> json_again(std::string_view text, const Limits& limits) {
  Record record;
  JsonScanner scanner;
  std::size_t end = 0;
  if (!text.starts_with('{') || scanner.run(text, end) != JsonScanner::Status::done || end != text.size()) {
    return changed();
  }
  std::vector<JsonMember> members;
  find_members(text, members);
  if (members.size() > limits.cells) return changed();
  fill_record(text, members, record);
  return record;
}

}  // namespace

class Reader::Impl {
 public:
  Impl(const Format& format, Limits limits) : stream_(stream_of(format)), rows_(rows_of(format, limits)) {}

  void feed(std::string_view raw, bool last) { stream_.feed(raw, last); }

  std::expected<Step, Fault> next(Record& out) {
    if (stream_.fault()) return std::unexpected(*stream_.fault());
    return std::visit([&](auto& rows) { return rows.next(stream_, out); }, rows_);
  }

  bool ascii() const { return stream_.ascii(); }

 private:
  using Rows = std::variant<DelimitedReader, JsonReader>;
  static Rows rows_of(const Format& format, Limits limits) {
    if (format.shape == Shape::delimited) return DelimitedReader(format, limits);
    return JsonReader(format, limits);
  }

  DecodedStream stream_;
  Rows rows_;
};

Reader::Reader(const Format& format, Limits limits) : impl_(std::make_unique<Impl>(format, limits)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

void Reader::feed(std::string_view raw, bool last) {
  impl_->feed(raw, last);
}

std::expected<Reader::Step, Fault> Reader::next(Record& out) {
  return impl_->next(out);
}

bool Reader::ascii() const {
  return impl_->ascii();
}

std::optional<Fault> swallowed_rows(const Format& format, std::string_view raw, std::uint64_t line,
                                    const std::function<bool(const Record&)>& is_row) {
  text::Decoded decoded;
  if (!text::decode(format.encoding, raw, true, decoded)) return changed().error();
  CsvRow row;
  const CsvDialect dialect = dialect_of(format);
  row.scan(decoded.utf8, dialect, true, Limits{});
  const Position start{.line = line, .lone_cr_ends = dialect.lone_cr_ends};
  return swallowing_fault(row, decoded.utf8, start, format.header, dialect, RowLines::any_inner,
                          [&](std::span<const std::string_view> cells) {
                            Record record;
                            for (const std::string_view cell : cells)
                              record.cells.push_back({.text = std::string(cell), .kind = CellKind::text});
                            record.cells.resize(std::max(cells.size(), format.header.size()),
                                                {.text = {}, .kind = CellKind::missing});
                            return is_row(record);
                          });
}

std::expected<Record, Fault> read_again(const Format& format, std::string_view raw, Limits limits) {
  text::Decoded decoded;
  if (raw.size() > limits.record_bytes || !text::decode(format.encoding, raw, true, decoded)) return changed();
  if (decoded.utf8.find('\0') != std::string::npos) return changed();
  const bool delimited = format.shape == Shape::delimited;
  auto record = delimited ? delimited_again(format, decoded.utf8, limits) : json_again(decoded.utf8, limits);
  if (record) record->ref.length = static_cast<std::uint32_t>(raw.size());
  return record;
}

}  // namespace sluice::records
