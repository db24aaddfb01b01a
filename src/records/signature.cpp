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
    {"BZh"sv, Word::file_is_packed, "bzip2"},
    {"{\\rtf"sv, Word::file_is_rtf, "RTF"},
    {"%!PS"sv, Word::file_is_rtf, "PostScript"},
    {"MIME-Version:"sv, Word::file_is_markup, ""},
    {"From: <Saved by"sv, Word::file_is_markup, ""},
    {"SQLite format 3\0"sv, Word::file_is_database, "a SQLite database"},
    {"\x00\x01\x00\x00Standard "sv, Word::file_is_database, "an Access database"},
    {"-- MySQL dump"sv, Word::file_is_database, "an SQL dump"},
    {"-- MariaDB dump"sv, Word::file_is_database, "an SQL dump"},
    {"--\n-- PostgreSQL"sv, Word::file_is_database, "an SQL dump"},
    {"/*\n Navicat"sv, Word::file_is_database, "an SQL dump"},
    {"INSERT INTO "sv, Word::file_is_database, "an SQL dump"},
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
