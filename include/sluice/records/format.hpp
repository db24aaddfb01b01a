#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/words.hpp"

namespace sluice::records {

/// Stored in the ledger: never renumber.
enum class Shape : std::uint8_t { delimited = 0, json_array = 1, json_wrapped = 2, json_lines = 3 };

/// How a file is written: enough to read any record of it again, and to write the results in its own habit.
struct Format {
  Shape shape = Shape::delimited;
  text::Encoding encoding = text::Encoding::utf8;
  bool bom = false;
  char delimiter = ',';
  std::string newline = "\n";       ///< UTF-8: "\n", "\r\n" or "\r"
  std::vector<std::string> header;  ///< delimited: the column names as spelled, decoded
  std::string wrapper;              ///< json_wrapped: the member that holds the orders
  /// The members that may hold orders, as sniff() was given them; a second one in a file is a fault. Not stored: a file
  /// that was surveyed has none.
  std::span<const std::string_view> wrappers;
  std::size_t header_cells = 0;     ///< delimited: of the header line, nameless ones at its end too; not stored
  std::uint64_t header_offset = 0;  ///< delimited: first raw byte of the header line
  std::uint64_t data_offset = 0;    ///< delimited: first raw byte after the header line; json: of the first element
  std::uint64_t data_line = 1;      ///< the physical line of data_offset
};

/// A file that is broken as a whole. The message names line, column and what was expected.
struct Fault {
  text::Message message;
  bool undecodable = false;  ///< the bytes are not text in the encoding assumed: the next one may fit
  std::uint64_t offset = 0;  ///< undecodable: the first of these bytes in the file
};

/// What a format is recognised by besides its bytes. Both outlive the Format.
struct KnownNames {
  /// The members that may hold the orders of a wrapper object.
  std::span<const std::string_view> wrappers;
  /// Whether a column of this name means something.
  bool (*is_column)(std::string_view name) = nullptr;
};

inline constexpr std::size_t kSniffBytes = std::size_t{256} * 1024;

/// Tells the format from the first bytes (kSniffBytes, or the whole file if shorter: `whole`), given the encoding to
/// assume. Spreadsheet and archive formats are recognised by their first bytes and refused with advice.
std::expected<Format, Fault> sniff(std::string_view head, bool whole, text::Encoding encoding,
                                   const KnownNames& known = {});

/// A compact text form for the ledger, and back. Kind `corrupt`: it is no such form.
std::string to_ledger(const Format& format);
Result<Format> format_from_ledger(std::string_view text);

}  // namespace sluice::records
