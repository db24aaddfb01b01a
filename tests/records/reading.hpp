#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/reader.hpp"
#include "sluice/records/writer.hpp"
#include "sluice/text/normal.hpp"

namespace sluice::records {

/// The members that may hold orders, in these tests.
inline constexpr std::array<std::string_view, 2> kWrappers = {"packOrder", "modifyOrders"};

/// A whole file as the survey reads it.
struct ReadFile {
  Format format;
  std::vector<Record> records;
  std::optional<Fault> fault;
  bool ascii = true;

  std::string said() const { return fault ? text::say(text::Lang::en, fault->message) : "no fault"; }
  bool says(text::Word word) const { return fault && fault->message.word == word; }
};

/// A few column names that mean something, for tests of what is told by them.
inline bool is_known_column(std::string_view name) {
  static constexpr std::array<std::string_view, 5> kColumns = {"uid", "douyinid", "source", "nickname", "用户id"};
  return std::ranges::find(kColumns, text::match_key(name)) != kColumns.end();
}

inline ReadFile read_as(std::string_view file, text::Encoding encoding, std::size_t chunk, Limits limits = {},
                        bool (*is_column)(std::string_view) = nullptr) {
  ReadFile out;
  const std::string_view head = file.substr(0, kSniffBytes);
  auto format = sniff(head, head.size() == file.size(), encoding, {.wrappers = kWrappers, .is_column = is_column});
  if (!format) {
    out.fault = format.error();
    return out;
  }
  out.format = *format;
  Reader reader(*format, limits);
  Record record;
  while (true) {
    const auto step = reader.next(record);
    out.ascii = reader.ascii();
    if (!step) {
      out.fault = step.error();
      return out;
    }
    if (*step == Reader::Step::end) return out;
    if (*step == Reader::Step::record) {
      out.records.push_back(record);
    } else {
      const std::size_t size = std::min(chunk, file.size());
      // A copy of its own, so that a view kept too long is seen by the sanitizer.
      const std::string piece(file.substr(0, size));
      file.remove_prefix(size);
      reader.feed(piece, file.empty());
    }
  }
}

/// BOM, else UTF-8, else GB18030: as issue 4 has it.
inline ReadFile read_file(std::string_view file, std::size_t chunk = 64 * 1024, Limits limits = {}) {
  if (const auto bom = text::detect_bom(file)) return read_as(file, bom->encoding, chunk, limits);
  ReadFile read = read_as(file, text::Encoding::utf8, chunk, limits);
  if (read.fault && read.fault->undecodable) read = read_as(file, text::Encoding::gb18030, chunk, limits);
  return read;
}

/// A file of UTF-8 whose columns are known.
inline ReadFile read_orders(std::string_view file, std::size_t chunk = 64 * 1024) {
  return read_as(file, text::Encoding::utf8, chunk, {}, is_known_column);
}

inline std::string_view raw_of(std::string_view file, const Record& record) {
  return file.substr(record.ref.offset, record.ref.length);
}

/// A results file, or of a subset where `wanted` says no; `result_of` makes each row's result.
template <class Wanted, class ResultOf>
std::string write_file(std::string_view file, const ReadFile& read, bool all, Wanted wanted, ResultOf result_of) {
  std::string out;
  Writer writer(read.format, all, read.ascii, text::Lang::en);
  const std::size_t first = read.records.empty() ? file.size() : read.records.front().ref.offset;
  writer.begin(file.substr(0, first), out);
  std::size_t end = first;
  for (const Record& record : read.records) {
    const std::string_view gap = file.substr(end, record.ref.offset - end);
    end = record.ref.offset + record.ref.length;
    if (wanted(record)) writer.row(record, raw_of(file, record), gap, result_of(record), out);
  }
  writer.end(file.substr(end), out);
  return out;
}

inline RowResult accepted(const Record& record) {
  RowResult result;
  result.row = record.ref.row;
  result.outcome = Outcome::accepted;
  result.status = 1;
  result.message = "Operation successful";
  result.order_id = "17872308245801546";
  result.start_time = "2026-11-22";
  result.end_time = "2026-12-31";
  result.attempts = 1;
  result.request = "r7";
  result.at = WallTime(Millis(1795266309042));
  return result;
}

inline std::string results_of(std::string_view file) {
  return write_file(file, read_file(file), true, [](const Record&) { return true; }, accepted);
}

inline std::vector<std::string> texts(const Record& record) {
  std::vector<std::string> out;
  for (const Cell& cell : record.cells) out.emplace_back(cell.text);
  return out;
}

using Texts = std::vector<std::string>;

}  // namespace sluice::records
