#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "property.hpp"
#include "sluice/records/reader.hpp"
#include "sluice/records/writer.hpp"

namespace sluice::records {

inline constexpr std::array<std::string_view, 2> kWrappers = {"packOrder", "modifyOrders"};

/// A file read from first byte to last, and the properties that any sound one must have.
struct WholeFile {
  Format format;
  std::vector<Record> records;
  bool sound = false;
  bool ascii = true;
};

inline WholeFile read_whole(std::string_view file, text::Encoding encoding, std::size_t chunk) {
  WholeFile out;
  const auto format = sniff(file.substr(0, kSniffBytes), file.size() <= kSniffBytes, encoding, {.wrappers = kWrappers});
  if (!format) {
    (void)text::say(text::Lang::zh, format.error().message);
    return out;
  }
  const auto again = format_from_ledger(to_ledger(*format));
  FUZZ_PROPERTY(again && to_ledger(*again) == to_ledger(*format));
  out.format = *format;
  Reader reader(*format);
  Record record;
  while (true) {
    const auto step = reader.next(record);
    if (!step) {
      (void)text::say(text::Lang::en, step.error().message);
      return out;
    }
    if (*step == Reader::Step::end) break;
    if (*step == Reader::Step::record) {
      out.records.push_back(record);
    } else {
      const std::string piece(file.substr(0, chunk));
      file.remove_prefix(piece.size());
      reader.feed(piece, file.empty());
    }
  }
  FUZZ_PROPERTY(!out.records.empty());
  out.ascii = reader.ascii();
  out.sound = true;
  return out;
}

inline bool same(const Record& a, const Record& b) {
  return a.names == b.names && std::ranges::equal(a.cells, b.cells, [](const Cell& x, const Cell& y) {
           return x.kind == y.kind && x.text == y.text;
         });
}

inline std::string write_whole(std::string_view file, const WholeFile& read, bool all, std::size_t every) {
  std::string out;
  Writer writer(read.format, all, read.ascii, sluice::text::Lang::zh);
  std::size_t end = read.records.front().ref.offset;
  writer.begin(file.substr(0, end), out);
  for (const Record& record : read.records) {
    const auto& [row, offset, length] = record.ref;
    RowResult result{.row = row, .outcome = Outcome::refused, .status = 2, .message = "=不行, \"x\"\n"};
    if ((row - 1) % every == 0) {
      writer.row(record, file.substr(offset, length), file.substr(end, offset - end), result, out);
    }
    end = offset + length;
  }
  writer.end(file.substr(end), out);
  return out;
}

/// The orders but for our own columns: what must come out of a results file as it went in.
inline std::vector<std::pair<std::string, std::string>> theirs(const WholeFile& file, const Record& record) {
  std::vector<std::pair<std::string, std::string>> out;
  const bool delimited = file.format.shape == Shape::delimited;
  const auto& names = delimited ? file.format.header : record.names;
  for (std::size_t i = 0; i < std::min(names.size(), record.cells.size()); ++i) {
    const bool ours =
        delimited ? std::ranges::find(kResultColumns, names[i]) != kResultColumns.end() : names[i] == "result";
    if (!ours) out.emplace_back(names[i], record.cells[i].text);
  }
  return out;
}

inline void check_written(std::string_view file, const WholeFile& read, text::Encoding encoding, bool all,
                          std::size_t every) {
  const std::string out = write_whole(file, read, all, every);
  const WholeFile again = read_whole(out, encoding, out.size());
  FUZZ_PROPERTY(again.sound);
  FUZZ_PROPERTY(again.format.shape == read.format.shape);
  FUZZ_PROPERTY(again.records.size() == (read.records.size() + every - 1) / every);
  for (std::size_t i = 0; i < again.records.size(); ++i) {
    FUZZ_PROPERTY(theirs(again, again.records[i]) == theirs(read, read.records[i * every]));
  }
  if (!all) return;
  const std::string twice = write_whole(out, again, true, 1);
  FUZZ_PROPERTY(write_whole(twice, read_whole(twice, encoding, twice.size()), true, 1) == twice);
}

/// `rewritable`: false where a file's own header could not be told any more once our columns are cut from it.
template <class Rewritable>
void check_file(std::string_view file, text::Encoding encoding, std::size_t chunk, Rewritable rewritable) {
  const WholeFile read = read_whole(file, encoding, std::max<std::size_t>(file.size(), 1));
  const WholeFile chunked = read_whole(file, encoding, chunk);
  FUZZ_PROPERTY(read.sound == chunked.sound && (!read.sound || read.ascii == chunked.ascii));
  if (!read.sound) return;
  FUZZ_PROPERTY(std::ranges::equal(read.records, chunked.records, [](const Record& a, const Record& b) {
    return same(a, b) && a.ref == b.ref && a.line == b.line;
  }));
  std::uint64_t end = 0;
  for (const Record& record : read.records) {
    FUZZ_PROPERTY(record.ref.offset >= end && record.ref.length > 0);
    end = record.ref.offset + record.ref.length;
    FUZZ_PROPERTY(end <= file.size());
    const auto again = read_again(read.format, file.substr(record.ref.offset, record.ref.length));
    FUZZ_PROPERTY(again && same(*again, record));
  }
  if (!rewritable(read)) return;
  check_written(file, read, encoding, true, 1);
  check_written(file, read, encoding, false, 2);
}

}  // namespace sluice::records
