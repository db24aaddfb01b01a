// JSON as it may come, held against another parser. First byte: the encoding, and the chunks it is read in.
#include <boost/json.hpp>

#include "whole_file.hpp"

namespace {

using namespace sluice::records;
namespace json = boost::json;

/// Files with no more than these can't be nested deeper than we read.
constexpr std::ptrdiff_t kFewBrackets = 60;

/// An array of objects is sound to us exactly where it is sound to Boost.JSON, but for what we limit (nesting) and what
/// it limits (exponents).
void compare_with_boost(std::string_view file) {
  if (file.find("\uFEFF") != file.npos) return;  // white space to us: programs that join files leave it between them
  json::error_code error;
  json::parse_options options;
  options.max_depth = 70;
  const std::string_view unmarked = file.substr(0, file.find_last_not_of("\x1A \t\r\n") + 1);  // DOS's mark of the end
  const json::value value = json::parse({unmarked.data(), unmarked.size()}, error, {}, options);
  if (error == json::error::exponent_overflow || error == json::error::too_deep) return;
  const bool sound = read_whole(file, sluice::text::Encoding::utf8, file.size()).sound;
  if (error) {
    FUZZ_PROPERTY(!sound);
    return;
  }
  const json::array* array = value.if_array();
  if (array == nullptr || file.find('\0') != file.npos) return;
  const bool orders =
      !array->empty() && std::ranges::all_of(*array, [](const json::value& v) { return v.is_object(); });
  if (!orders) FUZZ_PROPERTY(!sound);
  const bool nested = std::ranges::count(file, '[') + std::ranges::count(file, '{') > kFewBrackets;
  if (orders && !nested) FUZZ_PROPERTY(sound);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_file(file, sluice::text::kEncodings[data[0] % 4], 1 + data[0] / 4,
             [](const WholeFile& read) { return read.format.shape != Shape::delimited; });
  const auto first = file.find_first_not_of(" \t\r\n");
  if (first != file.npos && file[first] == '[') compare_with_boost(file);
  return 0;
}
