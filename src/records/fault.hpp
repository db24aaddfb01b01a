#pragma once

#include "decoded_stream.hpp"
#include "sluice/records/format.hpp"

namespace sluice::records {

/// Line, column and the character found there, then what the word asks for beyond these. Where the character is a known
/// habit (a comment, a curly quote, a trailing comma), the words say that instead.
Fault json_fault(text::Word word, Position where, std::string_view rest, std::vector<std::string> more = {});

/// A cell that is too long, a row with too many, a quote that never closes: line, then what the word asks for.
Fault row_fault(text::Word word, std::uint64_t line, std::vector<std::string> more);

/// A column as a message names it: its number, and its name in brackets where it has one.
std::string column_words(std::size_t index, const std::vector<std::string>& header);

}  // namespace sluice::records
