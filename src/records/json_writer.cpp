#include "json_members.hpp"
#include "json_scanner.hpp"
#include "result_cells.hpp"
#include "row_writer.hpp"
#include "sluice/base/check.hpp"

namespace sluice::records {
namespace {

class JsonWriter : public RowWriter {
 public:
  JsonWriter(const Format& format, bool ascii)
      : encoding_(format.encoding),
        lines_(format.shape == Shape::json_lines),
        newline_(format.newline),
        cells_(format.encoding, std::nullopt, ascii) {}

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

}  // namespace

std::unique_ptr<RowWriter> json_writer(const Format& format, bool ascii) {
  return std::make_unique<JsonWriter>(format, ascii);
}

}  // namespace sluice::records
