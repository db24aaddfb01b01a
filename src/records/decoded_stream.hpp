#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/format.hpp"
#include "sluice/text/encoding.hpp"

namespace sluice::records {

/// Where a person finds a character: line and column from 1, the column in code points. LF and CRLF end a line, and a
/// CR alone where the file's first line ends so.
struct Position {
  std::uint64_t line = 1;
  std::uint64_t column = 1;
  bool lone_cr_ends = true;
  bool after_cr = false;  ///< a LF right here would still belong to the line end before it

  /// Steps over text; what lies between calls adds up, wherever it is split.
  void advance(std::string_view utf8);
};

/// A file's raw chunks as one run of decoded text, of which only the part not yet taken is held, and where each
/// character of it lies in the file.
class DecodedStream {
 public:
  /// Starts at raw byte `skip` of the file, which is the beginning of line `line`.
  DecodedStream(text::Encoding encoding, std::uint64_t skip, std::uint64_t line, bool lone_cr_ends)
      : encoding_(encoding), skip_(skip), base_(skip), end_(skip), line_offset_(skip) {
    position_.line = line;
    position_.lone_cr_ends = lone_cr_ends;
  }

  /// Adds a chunk. Drops what was taken, so views of text() end here.
  void feed(std::string_view raw, bool last);

  std::string_view text() const { return std::string_view(text_).substr(taken_); }
  bool last() const { return last_; }
  bool ascii() const { return ascii_; }
  /// Bytes that are no text, or a NUL: all that comes after it is not looked at.
  const std::optional<Fault>& fault() const { return fault_; }

  void take(std::size_t count);
  /// The same of one line, the LF at its end being the only one. Only where a CR alone ends none.
  void take_line(std::size_t count);
  const Position& position() const { return position_; }  ///< of text()'s first character
  Position position_at(std::size_t pos) const;
  /// Raw offset in the file of text()[pos], or of its end.
  std::uint64_t offset_at(std::size_t pos) const;

 private:
  void drop_taken();
  void append(std::string_view raw);
  std::expected<void, text::DecodeFault> decode(std::string_view raw);
  void fail_at(text::Word word, std::string_view bytes, std::size_t text_pos, std::uint64_t offset);

  text::Encoding encoding_;
  std::uint64_t skip_;         ///< raw bytes still to be passed over
  std::uint64_t base_;         ///< raw offset that origin_ counts from
  std::uint64_t end_;          ///< raw offset after the last decoded character
  std::uint64_t line_offset_;  ///< raw offset where position_'s line begins
  std::string text_;
  std::size_t taken_ = 0;
  std::vector<std::uint32_t> origin_;  ///< by byte of text_; empty for UTF-8
  std::string carry_;                  ///< an unfinished character
  text::Decoded decoded_;
  Position position_;
  std::optional<Fault> fault_;
  bool last_ = false;
  bool ascii_ = true;
};

}  // namespace sluice::records
