// CSV as it may come. First byte: the encoding, and the chunks it is read in.
#include "whole_file.hpp"

namespace {

using namespace sluice::records;

/// Cutting our columns from a header can leave one that reads otherwise (its first name begins with a bracket, or it
/// has more of another delimiter): then the file could not have been an order file.
bool rewritable(const WholeFile& read) {
  if (read.format.shape != Shape::delimited) return false;
  return std::ranges::none_of(read.format.header, [](const std::string& name) {
    return std::ranges::find(kResultColumns, name) != kResultColumns.end();
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_file(file, sluice::text::kEncodings[data[0] % 4], 1 + data[0] / 4, rewritable);
  return 0;
}
