#include "sniff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "fault.hpp"
#include "json_members.hpp"
#include "json_scanner.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words.hpp"

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
    {"SQLite format 3\0"sv, Word::file_is_database, "SQLite"},
    {"\x00\x01\x00\x00Standard "sv, Word::file_is_database, "Access"},
    {"-- MySQL dump"sv, Word::file_is_database, "SQL"},
    {"-- MariaDB dump"sv, Word::file_is_database, "SQL"},
    {"--\n-- PostgreSQL"sv, Word::file_is_database, "SQL"},
    {"/*\n Navicat"sv, Word::file_is_database, "SQL"},
    {"INSERT INTO "sv, Word::file_is_database, "SQL"},
});

/// What a file is that is no table in text, recognised by its first bytes, with advice how to save it as CSV. nullopt:
/// none known.
std::optional<text::Message> foreign_format(std::string_view head) {
  const auto found = std::ranges::find_if(kSignatures, [=](const Signature& s) { return head.starts_with(s.bytes); });
  if (found == kSignatures.end()) return std::nullopt;
  text::Message message{.word = found->word, .args = {}};
  if (!found->name.empty()) message.args.emplace_back(found->name);
  return message;
}

/// Whether the first line ends in a CR alone, as on old Macs: only then does a CR end any line.
bool first_line_ends_in_lone_cr(std::string_view head, text::Encoding encoding) {
  const bool wide = encoding == text::Encoding::utf16le || encoding == text::Encoding::utf16be;
  const std::size_t unit = wide ? 2 : 1;
  const std::size_t low = encoding == text::Encoding::utf16be ? 1 : 0;
  const auto at = [&](std::size_t pos) {
    if (pos + unit > head.size() || (wide && head[pos + 1 - low] != '\0')) return '\0';
    return head[pos + low];
  };
  for (std::size_t pos = 0; pos < head.size(); pos += unit) {
    if (at(pos) == '\n') return false;
    if (at(pos) == '\r') return at(pos + unit) != '\n';
  }
  return false;
}

/// A member of the first object, as far as the head shows it.
struct Member {
  std::string name;
  std::size_t value = 0;  ///< where it begins
  std::size_t end = 0;    ///< after it, or the text's end
};

/// Steps over one value; false where it is not all there or not sound. The Reader says what is wrong with it.
bool scan(std::string_view text, std::size_t& pos) {
  JsonScanner scanner;
  return scanner.run(text, pos) == JsonScanner::Status::done;
}

/// Steps over white space, then over `c`; false if something else stands there.
bool skip_to(char c, std::string_view text, std::size_t& pos) {
  pos = skip_json_space(text, pos);
  if (pos == text.size() || text[pos] != c) return false;
  ++pos;
  return true;
}

/// The members of the object at `brace`, up to where the text ends or stops being sound.
std::vector<Member> members_of(std::string_view text, std::size_t brace) {
  std::vector<Member> members;
  std::size_t pos = brace + 1;
  do {
    pos = skip_json_space(text, pos);
    const std::size_t name = pos;
    if (pos == text.size() || text[pos] != '"' || !scan(text, pos)) break;
    const std::string unquoted = unescaped(text.substr(name, pos - name));
    if (!skip_to(':', text, pos)) break;
    pos = skip_json_space(text, pos);
    if (pos == text.size()) break;
    members.push_back({.name = unquoted, .value = pos, .end = text.size()});
    if (!scan(text, pos)) break;
    members.back().end = pos;
  } while (skip_to(',', text, pos));
  return members;
}

bool is_list_of_objects(std::string_view text, const Member& member) {
  if (text[member.value] != '[') return false;
  std::size_t pos = member.value + 1;
  return skip_to('{', text, pos);
}

bool is_nested(std::string_view text, const Member& member) {
  return text[member.value] == '{' || text[member.value] == '[';
}

std::string in_quotes(const Member& member) {
  return '"' + text::shown(member.name) + '"';
}

/// A list of objects inside this member, however deep; its path, such as "data" > "list".
std::optional<std::string> path_to_list(std::string_view text, const Member& member, int depth = 0) {
  constexpr int kDeepest = 4;
  if (depth == kDeepest || text[member.value] != '{') return std::nullopt;
  for (const Member& inner : members_of(text.substr(0, member.end), member.value)) {
    if (is_list_of_objects(text, inner)) return in_quotes(member) + " > " + in_quotes(inner);
    if (const auto path = path_to_list(text, inner, depth + 1)) return in_quotes(member) + " > " + *path;
  }
  return std::nullopt;
}

/// Takes the member that holds the orders of a wrapper for one we know, or for the only list of objects there is.
/// nullopt: no wrapper, so that the object itself is an order.
std::expected<std::optional<std::size_t>, Fault> find_wrapper(Head& head, std::size_t brace) {
  const std::string_view text = head.text;
  const auto members = members_of(text, brace);
  const auto after_bracket = [&](const Member& member) {
    head.format.wrapper = member.name;
    return member.value + static_cast<std::size_t>(text[member.value] == '[');
  };
  for (const Member& member : members)
    if (std::ranges::find(head.known.wrappers, member.name) != head.known.wrappers.end()) return after_bracket(member);
  if (!head.known.is_column) return std::nullopt;
  std::vector<Member> columns;
  std::vector<Member> lists;
  for (const Member& member : members) {
    if (head.is_column(member.name)) columns.push_back(member);
    if (is_list_of_objects(text, member)) lists.push_back(member);
  }
  const auto line = fmt::to_string(head.stream.position_at(brace).line);
  if (columns.size() > 1 && std::ranges::all_of(columns, [&](const Member& m) { return is_nested(text, m); }))
    return refuse(Word::json_by_columns, {line, in_quotes(columns.front())});
  if (!columns.empty()) return std::nullopt;
  if (lists.size() > 1) return refuse(Word::json_several_lists, {line, in_quotes(lists[0]), in_quotes(lists[1])});
  if (lists.size() == 1) return after_bracket(lists.front());
  for (const Member& member : members)
    if (const auto path = path_to_list(text, member)) return refuse(Word::json_list_too_deep, {line, *path});
  return std::nullopt;
}

}  // namespace

Head::Head(std::string_view bytes, bool is_whole, text::Encoding encoding, const KnownNames& names)
    : stream(encoding, 0, 1, first_line_ends_in_lone_cr(bytes, encoding)), whole(is_whole), known(names) {
  format.encoding = encoding;
  format.wrappers = known.wrappers;
  format.bom = bytes.starts_with(text::bom(encoding));
  stream.feed(bytes, whole);
  if (format.bom && !stream.text().empty()) stream.take(std::string_view("\uFEFF").size());
  text = stream.text();
}

std::string newline_after(std::string_view text, std::size_t pos) {
  const std::size_t end = text.find_first_of("\r\n", pos);
  return end == text.npos ? "\n" : std::string(text.substr(end, next_line(text, end) - end));
}

std::size_t next_line(std::string_view text, std::size_t pos) {
  const std::size_t end = text.find_first_of("\r\n", pos);
  if (end == text.npos) return text.size();
  return end + (text.substr(end, 2) == "\r\n" ? 2 : 1);
}

std::expected<Format, Fault> sniff(std::string_view bytes, bool whole, text::Encoding encoding,
                                   const KnownNames& known) {
  if (bytes.empty() && whole) return refuse(Word::file_empty);
  if (auto foreign = foreign_format(bytes)) return std::unexpected(Fault{.message = std::move(*foreign)});
  Head head(bytes, whole, encoding, known);
  if (head.stream.fault()) return std::unexpected(*head.stream.fault());
  const std::size_t first = skip_json_space(head.text, 0);
  const std::string_view rest = head.text.substr(first);
  if (rest.starts_with('<')) return refuse(Word::file_is_markup);
  if (rest.starts_with("//") || rest.starts_with("/*"))
    return std::unexpected(json_fault(Word::json_comment, head.stream.position_at(first), rest));
  return rest.starts_with('[') || rest.starts_with('{') ? sniff_json(head, first) : sniff_delimited(head);
}

std::expected<Format, Fault> sniff_json(Head& head, std::size_t first) {
  Format& format = head.format;
  format.newline = newline_after(head.text, 0);
  std::size_t data = first;
  if (head.text[first] == '[') {
    format.shape = Shape::json_array;
    ++data;
  } else {
    const auto list = find_wrapper(head, first);
    if (!list) return std::unexpected(list.error());
    format.shape = *list ? Shape::json_wrapped : Shape::json_lines;
    data = list->value_or(first);
  }
  data = skip_json_space(head.text, data);
  format.data_offset = head.stream.offset_at(data);
  format.data_line = head.stream.position_at(data).line;
  return format;
}

}  // namespace sluice::records
