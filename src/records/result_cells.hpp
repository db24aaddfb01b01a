#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/records/outcome.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::records {

/// Writes what became of a row: in a delimited file the cells of kResultColumns, each with the delimiter before it,
/// quoted where CSV needs it and with an apostrophe before what a spreadsheet would run as a formula; in JSON the
/// member `"result":{...}`. Rows of one batch share their outcome, request and time more often than not: what is the
/// same as in the row before is not made again.
class ResultCells {
 public:
  /// `delimiter`: none for JSON. `ascii`: everything else is escaped. `lang`: the file's.
  ResultCells(text::Encoding encoding, std::optional<char> delimiter, bool ascii, text::Lang lang)
      : encoding_(encoding), delimiter_(delimiter), ascii_(ascii), lang_(lang) {}

  void append(const RowResult& result, std::uint64_t line, std::string& out);

 private:
  void append_at_once(std::uint64_t id, std::uint64_t line, std::string& out) const;
  void put_text(std::size_t column, std::string_view utf8, std::string& out) const;
  void put_value(std::string_view utf8, std::string& out) const;
  void put_id(const OrderId& id, std::string& out);
  void make_anew(const RowResult& result);
  void put_number(std::size_t column, std::optional<std::int64_t> number, std::string& out) const;
  void put_opening(std::size_t column, std::string& out) const;
  void put_encoded(std::string_view cells, std::string& out) const;
  std::string begin_of(const RowResult& result) const;
  std::string times_of(const RowResult& result) const;
  std::string end_of(const RowResult& result) const;

  text::Encoding encoding_;
  std::optional<char> delimiter_;
  bool ascii_;
  text::Lang lang_;
  RowResult before_;   ///< what begin_, times_ and end_ are of
  std::string begin_;  ///< outcome, status, message and what stands before order_id, encoded
  std::string times_;  ///< start_time, end_time and what stands before the row, encoded
  std::string end_;    ///< attempts, request, time and the outcome in a word, encoded
  std::string own_;    ///< an order_id that is no number
};

}  // namespace sluice::records
