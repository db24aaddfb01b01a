// CSV as it may come. First byte: the encoding, and the chunks it is read in.
#include "whole_file.hpp"

namespace {

using namespace sluice::records;

/// Cutting our columns, or empty ones to the right, from a header can leave one that reads otherwise (its first name
/// begins with a bracket, or it has more of another delimiter): then the file could not have been an order file.
bool rewritable(const WholeFile& read) {
  if (read.format.shape != Shape::delimited) return false;
  const auto& names = read.format.header;
  const bool another = std::ranges::any_of(std::string_view("\t,;|"), [&](char delimiter) {
    std::size_t cells = 1;
    for (const std::string& name : names) cells += static_cast<std::size_t>(std::ranges::count(name, delimiter));
    return delimiter != read.format.delimiter && cells > names.size();
  });
  return !another && std::ranges::none_of(names, [](const std::string& name) {
    return std::ranges::find(kResultColumns, name) != kResultColumns.end();
  });
}

/// Lines of orders with anything between them: each is a row of its own, or the file is refused.
void check_nothing_swallowed(std::string_view between, std::size_t chunk) {
  std::string file = "uid,douyinId,source,note\n";
  std::vector<std::uint64_t> lines;
  for (bool more = true; more;) {
    const std::size_t end = std::min(between.find('\x1E'), between.size());
    file.append(between.substr(0, end)).append("\n");
    lines.push_back(1 + static_cast<std::uint64_t>(std::ranges::count(file, '\n')));
    file.append("7,dy7,CT,\n");
    more = end < between.size();
    between.remove_prefix(std::min(end + 1, between.size()));
  }
  const WholeFile read = read_whole(file, sluice::text::Encoding::utf8, chunk);
  if (!read.sound) return;
  const auto is_order = [](const Record& line) { return line.cells.size() == 4 && line.cells[0].text == "7"; };
  for (const Record& record : read.records) {
    const auto raw = std::string_view(file).substr(record.ref.offset, record.ref.length);
    if (record.spans_lines && swallowed_rows(read.format, raw, record.line, is_order)) return;
  }
  for (const std::uint64_t line : lines)
    FUZZ_PROPERTY(std::ranges::find(read.records, line, &Record::line) != read.records.end());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_file(file, sluice::text::kEncodings[data[0] % 4], 1 + data[0] / 4, rewritable);
  check_nothing_swallowed(file, 1 + data[0] / 4);
  return 0;
}
