#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/encoding.hpp"

namespace sluice::records {

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

/// Writer's two kinds; contracts as there. `separator`: what stands between two records of a subset.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// What stands before the first record, and in `separator` what joins the records of a subset.
  virtual void begin(std::string_view head, std::string& separator, std::string& out) = 0;
  /// A record without its gap.
  virtual void row(const Record& record, std::string_view raw, const RowResult& result, std::string& out) = 0;
};

std::unique_ptr<RowWriter> delimited_writer(const Format& format, bool ascii);
std::unique_ptr<RowWriter> json_writer(const Format& format, bool ascii);

}  // namespace sluice::records
