#pragma once

#include <expected>
#include <string_view>
#include <vector>

#include "decoded_stream.hpp"
#include "sluice/records/format.hpp"

namespace sluice::records {

/// A file's first bytes, decoded, and what is known of its format so far.
struct Head {
  Head(std::string_view bytes, bool whole, text::Encoding encoding, const KnownNames& known);
  Head(const Head&) = delete;
  Head& operator=(const Head&) = delete;

  bool is_column(std::string_view name) const { return known.is_column && known.is_column(name); }

  DecodedStream stream;   ///< the head as a whole, its byte order mark taken
  std::string_view text;  ///< of the stream
  bool whole;             ///< the file has no more
  Format format;
  KnownNames known;
};

/// The rest of the format, where text does not begin as JSON does.
std::expected<Format, Fault> sniff_delimited(Head& head);

/// The rest of the format, where a bracket or brace stands at `first`.
std::expected<Format, Fault> sniff_json(Head& head, std::size_t first);

inline std::unexpected<Fault> refuse(text::Word word, std::vector<std::string> args = {}) {
  return std::unexpected(Fault{.message = {.word = word, .args = std::move(args)}});
}

/// The line end at or after `pos`, in a file's own habit; LF where there is none.
std::string newline_after(std::string_view text, std::size_t pos);

/// After the line end at or after `pos`, or the text's end.
std::size_t next_line(std::string_view text, std::size_t pos);

}  // namespace sluice::records
