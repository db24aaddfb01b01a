#include "sluice/text/normal.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "sluice/text/encoding.hpp"
#include "utf8.hpp"

namespace sluice::text {

namespace {

/// A CJK radical, as PDFs have it where text had a character, and the character that it stands for.
struct Radical {
  char32_t radical;
  char32_t character;
};

/// U+2E80 to U+2EFF, by Unicode's EquivalentUnifiedIdeograph. NFKC itself maps the other block, U+2F00 to U+2FDF.
inline constexpr std::array<Radical, 114> kRadicals{
    {{0x2E81, 0x5382},  {0x2E82, 0x4E5B}, {0x2E83, 0x4E5A},  {0x2E84, 0x4E59},  {0x2E85, 0x4EBB},  {0x2E86, 0x5182},
     {0x2E87, 0x20628}, {0x2E88, 0x5200}, {0x2E89, 0x5202},  {0x2E8A, 0x535C},  {0x2E8B, 0x353E},  {0x2E8C, 0x5C0F},
     {0x2E8D, 0x5C0F},  {0x2E8E, 0x5140}, {0x2E8F, 0x5C23},  {0x2E90, 0x5C22},  {0x2E91, 0x21BC2}, {0x2E92, 0x5DF3},
     {0x2E93, 0x5E7A},  {0x2E94, 0x5F51}, {0x2E95, 0x5F50},  {0x2E96, 0x5FC4},  {0x2E97, 0x5FC3},  {0x2E98, 0x624C},
     {0x2E99, 0x6535},  {0x2E9B, 0x65E1}, {0x2E9C, 0x65E5},  {0x2E9D, 0x6708},  {0x2E9E, 0x6B7A},  {0x2E9F, 0x6BCD},
     {0x2EA0, 0x6C11},  {0x2EA1, 0x6C35}, {0x2EA2, 0x6C3A},  {0x2EA3, 0x706C},  {0x2EA4, 0x722B},  {0x2EA5, 0x722B},
     {0x2EA6, 0x4E2C},  {0x2EA7, 0x725B}, {0x2EA8, 0x72AD},  {0x2EA9, 0x738B},  {0x2EAA, 0x24D14}, {0x2EAB, 0x76EE},
     {0x2EAC, 0x793A},  {0x2EAD, 0x793B}, {0x2EAE, 0x25AD7}, {0x2EAF, 0x7CF9},  {0x2EB0, 0x7E9F},  {0x2EB1, 0x7F53},
     {0x2EB2, 0x7F52},  {0x2EB3, 0x34C1}, {0x2EB4, 0x5197},  {0x2EB5, 0x2626B}, {0x2EB6, 0x7F8A},  {0x2EB7, 0x2634C},
     {0x2EB8, 0x2634B}, {0x2EB9, 0x8002}, {0x2EBA, 0x8080},  {0x2EBB, 0x807F},  {0x2EBC, 0x8089},  {0x2EBD, 0x26951},
     {0x2EBE, 0x8279},  {0x2EBF, 0x8279}, {0x2EC0, 0x8279},  {0x2EC1, 0x864E},  {0x2EC2, 0x8864},  {0x2EC3, 0x8980},
     {0x2EC4, 0x897F},  {0x2EC5, 0x89C1}, {0x2EC6, 0x89D2},  {0x2EC7, 0x278B2}, {0x2EC8, 0x8BA0},  {0x2EC9, 0x8D1D},
     {0x2ECA, 0x27FB7}, {0x2ECB, 0x8F66}, {0x2ECC, 0x8FB6},  {0x2ECD, 0x8FB6},  {0x2ECE, 0x8FB6},  {0x2ECF, 0x9091},
     {0x2ED0, 0x9485},  {0x2ED1, 0x9577}, {0x2ED2, 0x9578},  {0x2ED3, 0x957F},  {0x2ED4, 0x95E8},  {0x2ED5, 0x28E0F},
     {0x2ED6, 0x961D},  {0x2ED7, 0x96E8}, {0x2ED8, 0x9752},  {0x2ED9, 0x97E6},  {0x2EDA, 0x9875},  {0x2EDB, 0x98CE},
     {0x2EDC, 0x98DE},  {0x2EDD, 0x98DF}, {0x2EDE, 0x2967F}, {0x2EDF, 0x98E0},  {0x2EE0, 0x9963},  {0x2EE1, 0x29810},
     {0x2EE2, 0x9A6C},  {0x2EE3, 0x9AA8}, {0x2EE4, 0x9B3C},  {0x2EE5, 0x9C7C},  {0x2EE6, 0x9E1F},  {0x2EE7, 0x5364},
     {0x2EE8, 0x9EA6},  {0x2EE9, 0x9EC4}, {0x2EEA, 0x9EFE},  {0x2EEB, 0x6589},  {0x2EEC, 0x9F50},  {0x2EED, 0x6B6F},
     {0x2EEE, 0x9F7F},  {0x2EEF, 0x7ADC}, {0x2EF0, 0x9F99},  {0x2EF1, 0x9F9C},  {0x2EF2, 0x4E80},  {0x2EF3, 0x9F9F}}};

/// Any other character comes back as it is.
constexpr char32_t without_radical(char32_t character) {
  if (character < kRadicals.front().radical || character > kRadicals.back().radical) return character;
  const auto* found = std::ranges::find(kRadicals, character, &Radical::radical);
  return found == kRadicals.end() ? character : found->character;
}

struct Range {
  char32_t first;
  char32_t last;
};

/// White space, and what is invisible and comes along with copied text: zero-width and direction marks, BOM.
constexpr auto kBlank = std::to_array<Range>({
    {0x0009, 0x000D},
    {0x0020, 0x0020},
    {0x0085, 0x0085},
    {0x00A0, 0x00A0},
    {0x00AD, 0x00AD},
    {0x1680, 0x1680},
    {0x180E, 0x180E},
    {0x2000, 0x200F},
    {0x2028, 0x202F},
    {0x205F, 0x2064},
    {0x2066, 0x2069},
    {0x3000, 0x3000},
    {0xFEFF, 0xFEFF},
});

bool is_blank(char32_t code_point) {
  return std::ranges::any_of(kBlank,
                             [=](Range range) { return code_point >= range.first && code_point <= range.last; });
}

/// The start of the character that ends before `end`, in text that may be ill-formed.
std::size_t previous(std::string_view text, std::size_t end) {
  std::size_t start = end - 1;
  while (start > 0 && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
  return utf8_length(text, start) == end - start ? start : end;
}

}  // namespace

bool is_inert(std::string_view utf8) {
  std::size_t pos = skip_ascii(utf8, 0);
  while (pos < utf8.size()) {
    const auto lead = static_cast<unsigned char>(utf8[pos]);
    if (lead < 0xE4 || lead > 0xE9 || utf8_length(utf8, pos) != 3) return false;
    pos = skip_ascii(utf8, pos + 3);
  }
  return true;
}

std::string nfkc(std::string_view utf8) {
  if (is_inert(utf8)) return std::string(utf8);
  utf8proc_uint8_t* mapped = nullptr;
  // A C library's flags. NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange)
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(utf8.data()),
                                 static_cast<utf8proc_ssize_t>(utf8.size()), &mapped, options);
  if (size < 0) return std::string(utf8);
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  return {reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size)};
}

std::string fold_width(std::string_view utf8) {
  constexpr char32_t kFirst = 0xFF01;
  constexpr char32_t kLast = 0xFF5E;
  std::string folded;
  folded.reserve(utf8.size());
  for (std::size_t pos = 0; pos < utf8.size();) {
    const auto length = utf8_length(utf8, pos);
    if (length == 0 || length == kCut) {
      folded += utf8[pos++];
      continue;
    }
    const std::size_t start = pos;
    const char32_t code_point = next_code_point(utf8, pos);
    if (code_point >= kFirst && code_point <= kLast)
      folded += static_cast<char>(code_point - kFirst + '!');
    else
      folded.append(utf8, start, length);
  }
  return folded;
}

std::string_view trim(std::string_view utf8) {
  const auto is_sign = [](char c) { return c > ' ' && c <= '~'; };
  if (!utf8.empty() && is_sign(utf8.front()) && is_sign(utf8.back())) return utf8;  // nearly always
  std::size_t begin = 0;
  while (begin < utf8.size()) {
    const auto length = utf8_length(utf8, begin);
    std::size_t next = begin;
    if (length == 0 || length == kCut || !is_blank(next_code_point(utf8, next))) break;
    begin = next;
  }
  std::size_t end = utf8.size();
  while (end > begin) {
    const std::size_t start = previous(utf8, end);
    std::size_t next = start;
    if (start == end || !is_blank(next_code_point(utf8, next))) break;
    end = start;
  }
  return utf8.substr(begin, end - begin);
}

std::string match_key(std::string_view utf8) {
  const std::string normal = nfkc(utf8);
  std::string key;
  key.reserve(normal.size());
  for (std::size_t pos = 0; pos < normal.size();) {
    const auto length = utf8_length(normal, pos);
    const std::size_t start = pos;
    if (length == 0 || length == kCut) {
      key += normal[pos++];
      continue;
    }
    const char32_t code_point = next_code_point(normal, pos);
    if (is_blank(code_point) || code_point == '_' || code_point == '-') continue;
    if (code_point >= 'A' && code_point <= 'Z') {
      key += static_cast<char>(code_point + ('a' - 'A'));
    } else if (const char32_t character = without_radical(code_point); character != code_point) {
      append_utf8(character, key);
    } else {
      key.append(normal, start, length);
    }
  }
  return key;
}

std::size_t code_points(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace sluice::text
