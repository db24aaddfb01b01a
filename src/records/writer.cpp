#include "sluice/records/writer.hpp"

#include "row_writer.hpp"

namespace sluice::records {

Writer::Writer(const Format& format, bool all, bool ascii)
    : rows_(format.shape == Shape::delimited ? delimited_writer(format, ascii) : json_writer(format, ascii)),
      all_(all) {}
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
