#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::records {

/// Writes a results file (every record) or a failures / in-doubt file (some of them) in the input's own format: the
/// rows' own bytes untouched but for result columns they already had, the result columns or one "result" member added
/// (docs/contract.md, Output). Pure: bytes in, bytes out; the caller streams the input through it from first byte to
/// last.
class Writer {
 public:
  /// `all`: a results file, which keeps what stands between JSON elements and a wrapper's other members. A subset keeps
  /// the wrapper and joins its elements itself. `ascii`: the input was all ASCII, so messages are, too. `lang`: the
  /// file's.
  Writer(const Format& format, bool all, bool ascii, text::Lang lang);
  ~Writer();
  Writer(Writer&&) noexcept;
  Writer& operator=(Writer&&) noexcept;

  /// Everything before the first record: BOM, header line (with the result columns), JSON brackets.
  /// `head`: the raw bytes before the first record (the whole file, if there is none).
  void begin(std::string_view head, std::string& out);

  /// One record, as the Reader read it. `raw`: its own bytes. `gap`: the raw bytes between the record before and this
  /// one (empty for the first).
  void row(const Record& record, std::string_view raw, std::string_view gap, const RowResult& result, std::string& out);

  /// Everything after the last record. `tail`: the raw bytes after it.
  void end(std::string_view tail, std::string& out);

 private:
  std::unique_ptr<class RowWriter> rows_;
  std::string separator_;  ///< between two records of a subset
  bool all_;
  bool first_ = true;
};

}  // namespace sluice::records
