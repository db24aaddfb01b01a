#include "signature.hpp"

#include <algorithm>
#include <array>

namespace sluice::records {
namespace {

using namespace std::string_view_literals;
using text::Word;

struct Signature {
  std::string_view bytes;
  Word word;
  std::string_view name;
};

constexpr auto kSignatures = std::to_array<Signature>({
    {"PK\x03\x04"sv, Word::file_is_zip, ""},
    {"PK\x05\x06"sv, Word::file_is_zip, ""},
    {"PK\x07\x08"sv, Word::file_is_zip, ""},
    {"\xD0\xCF\x11\xE0"sv, Word::file_is_xls, ""},
    {"\x1F\x8B"sv, Word::file_is_packed, "gzip"},
    {"7z\xBC\xAF\x27\x1C"sv, Word::file_is_packed, "7z"},
    {"Rar!\x1A\x07"sv, Word::file_is_packed, "RAR"},
    {"\xFD"
     "7zXZ\x00"sv,
     Word::file_is_packed, "xz"},
    {"\x28\xB5\x2F\xFD"sv, Word::file_is_packed, "zstd"},
    {"%PDF"sv, Word::file_is_pdf, ""},
    {"\x89PNG"sv, Word::file_is_picture, "PNG"},
    {"\xFF\xD8\xFF"sv, Word::file_is_picture, "JPEG"},
    {"GIF8"sv, Word::file_is_picture, "GIF"},
});

}  // namespace

std::optional<text::Message> foreign_format(std::string_view head) {
  const auto found = std::ranges::find_if(kSignatures, [=](const Signature& s) { return head.starts_with(s.bytes); });
  if (found == kSignatures.end()) return std::nullopt;
  text::Message message{.word = found->word, .args = {}};
  if (!found->name.empty()) message.args.emplace_back(found->name);
  return message;
}

}  // namespace sluice::records
