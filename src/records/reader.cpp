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
                            for (const std::string_view cell : cells) record.cells.push_back({cell, CellKind::text});
                            while (record.cells.size() < format.header.size())
                              record.cells.push_back({{}, CellKind::missing});
                            return is_row(record);
                          });
}

class AgainReader::Impl {
 public:
  Impl(const Format& format, Limits limits)
      : format_(format),
        limits_(limits),
        lone_cr_ends_(dialect_of(format).lone_cr_ends),
        plain_(format.delimiter, format.header.size(), limits) {}

  std::expected<const Record*, Fault> read(std::string_view raw, Bytes bytes) {
    if (raw.size() > limits_.record_bytes) return changed();
    record_.ref.length = static_cast<std::uint32_t>(raw.size());
    if (bytes == Bytes::compared_later && format_.encoding == text::Encoding::utf8 && plain(raw)) return &record_;
    std::string_view text = raw;
    if (format_.encoding != text::Encoding::utf8) {
      if (!text::decode(format_.encoding, raw, true, decoded_)) return changed();
      text = decoded_.utf8;
    } else if (!text::is_utf8(raw)) {
      return changed();
    }
    if (text.contains('\0')) return changed();
    if (!(format_.shape == Shape::delimited ? delimited(text) : json(text))) return changed();
    return &record_;
  }

 private:
  bool plain(std::string_view text) {
    return format_.shape == Shape::delimited && !lone_cr_ends_ && plain_.row(text, record_);
  }

  bool delimited(std::string_view text) {
    if (plain(text)) return true;
    const auto status = row_.scan(text, dialect_of(format_), true, limits_);
    if (status != CsvRow::Status::row || row_.end != text.size() || row_.blank(text)) return false;
    fill_record(text, row_, format_.header.size(), record_);
    return true;
  }

  bool json(std::string_view text) {
    JsonScanner scanner;
    std::size_t end = 0;
    if (!text.starts_with('{') || scanner.run(text, end) != JsonScanner::Status::done || end != text.size())
      return false;
    find_members(text, members_);
    if (members_.size() > limits_.cells) return false;
    fill_record(text, members_, record_);
    return true;
  }

  const Format& format_;
  Limits limits_;
  bool lone_cr_ends_;
  text::Decoded decoded_;
  PlainLine plain_;
  CsvRow row_;
  std::vector<JsonMember> members_;
  Record record_;
};

AgainReader::AgainReader(const Format& format, Limits limits) : impl_(std::make_unique<Impl>(format, limits)) {}
AgainReader::~AgainReader() = default;

std::expected<const Record*, Fault> AgainReader::read(std::string_view raw, Bytes bytes) {
  return impl_->read(raw, bytes);
}

std::expected<Record, Fault> read_again(const Format& format, std::string_view raw, Limits limits) {
  AgainReader reader(format, limits);
  const auto record = reader.read(raw);
  if (!record) return std::unexpected(record.error());
  return **record;
}

}  // namespace sluice::records
