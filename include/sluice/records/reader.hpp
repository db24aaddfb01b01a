#pragma once

#include <cstddef>
#include <cstdint>
#include <expected>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"

namespace sluice::records {

struct Limits {
  std::size_t record_bytes = std::size_t{1024} * 1024;  ///< of one record, raw
  std::size_t cells = 1000;                             ///< of one record that hold anything
};

/// Reads a file's records in order, from chunks of any size; memory is one record and one chunk, whatever the file.
/// Feed the file from its very first byte (BOM and header included: they are skipped by the format).
/// After a Fault the reader is spent.
class Reader {
 public:
  enum class Step { record, need_more, end };

  explicit Reader(const Format& format, Limits limits = {});
  ~Reader();
  Reader(Reader&&) noexcept;
  Reader& operator=(Reader&&) noexcept;

  /// Hands over the next bytes of the file. `last`: nothing comes after them. Only when next() said need_more.
  void feed(std::string_view raw, bool last);

  /// The next record, whose texts live until the next call or feed(). need_more: feed first. end: after the last
  /// record, once everything behind it (closing brackets, white space) has been judged sound.
  std::expected<Step, Fault> next(Record& out);

  /// True as long as every raw byte fed so far was ASCII.
  bool ascii() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// For a record that spans lines: the Fault of its file, if lines inside one of its cells are rows of their own, read
/// as if no quote in them meant anything. The Reader asks this of lines as wide as the header; `is_row` may know more.
std::optional<Fault> swallowed_rows(const Format& format, std::string_view raw, std::uint64_t line,
                                    const std::function<bool(const Record&)>& is_row);

/// Reads single records again, each from its own raw bytes (the RowRef's range), e.g. to build a body. The row and line
/// numbers are not filled in.
class AgainReader {
 public:
  /// `format` outlives this.
  explicit AgainReader(const Format& format, Limits limits = {});
  ~AgainReader();

  enum class Bytes : std::uint8_t {
    unproven,
    compared_later,  ///< what is made of them is held against a mark: whether they are text needs no look of its own
  };
  /// The record lives until the next call, and its texts as long as `raw`, too: bytes that a Reader once took as a
  /// record. Anything else is a Fault.
  std::expected<const Record*, Fault> read(std::string_view raw, Bytes bytes = Bytes::unproven);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};
/// One alone, with texts of its own.
std::expected<Record, Fault> read_again(const Format& format, std::string_view raw, Limits limits = {});

}  // namespace sluice::records
