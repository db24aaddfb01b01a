#include "result_cells.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <span>

#include "sluice/base/rfc3339.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::records {
namespace {

/// Before each of them in JSON, in the order of kResultColumns.
constexpr std::array<std::string_view, kResultColumns.size()> kJsonOpenings = {
    R"("result":{"outcome":)", R"(,"status":)",   R"(,"message":)", R"(,"order_id":)",
    R"(,"start_time":)",       R"(,"end_time":)", R"(,"row":)",     R"(,"attempts":)",
    R"(,"request":)",          R"(,"at":)",       R"(,"text":)"};

/// Which of these it begins with; empty: none.
std::string_view begin_among(std::string_view cell, std::span<const std::string_view> begins) {
  const auto found = std::ranges::find_if(begins, [=](std::string_view begin) { return cell.starts_with(begin); });
  return found == begins.end() ? "" : *found;
}

/// What spreadsheets take for the begin of a formula, the full-width forms too, which some of them fold, and behind
/// blanks, which some of them trim: U+00A0, U+3000, U+200B and U+FEFF are such.
bool begins_formula(std::string_view cell) {
  static constexpr std::string_view kBegins[] = {"=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"};
  static constexpr std::string_view kBlanks[] = {" ", "\u00a0", "\u3000", "\u200b", "\ufeff"};
  for (auto blank = begin_among(cell, kBlanks); !blank.empty(); blank = begin_among(cell, kBlanks)) {
    cell.remove_prefix(blank.size());
  }
  return !begin_among(cell, kBegins).empty();
}

constexpr bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (unsigned byte = 0; byte < plain.size(); ++byte) {
    const auto c = static_cast<char>(byte);
    plain[byte] = is_letter_or_digit(c) || c == '-' || c == ' ' || c == ':' || c == '.' || c == '_';
  }
  return plain;
}();

/// Letters, digits, and what times are written with, none of which separates cells: nearly all that an answer tells of
/// a row.
bool is_plain(std::string_view cell) {
  if (cell.empty()) return true;
  return is_letter_or_digit(cell.front()) &&
         std::ranges::all_of(cell, [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
}

/// With an apostrophe wherever a spreadsheet would see a formula begin: at its front, and at what parts cells for a
/// program that takes the file for another format than it is, which no quotes prevent (a comma, in a file with tabs).
std::string guarded(std::string_view cell, char delimiter) {
  constexpr std::string_view kParting = ",;|\t\r\n";
  std::string out;
  bool at_front = true;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (at_front && begins_formula(cell.substr(i))) out += '\'';
    out += cell[i];
    at_front = cell[i] != delimiter && kParting.contains(cell[i]);
  }
  return out;
}

void put_csv_cell(std::string_view cell, char delimiter, std::string& out) {
  const auto needs_quotes = [=](char c) { return c == '"' || c == '\r' || c == '\n' || c == delimiter; };
  const auto shown = guarded(cell, delimiter);
  if (std::ranges::none_of(shown, needs_quotes)) {
    out += shown;
    return;
  }
  out += '"';
  for (const char c : shown) out.append(c == '"' ? 2 : 1, c);
  out += '"';
}

bool begin_alike(const RowResult& a, const RowResult& b) {
  return a.outcome == b.outcome && a.status == b.status && a.message == b.message;
}
bool times_alike(const RowResult& a, const RowResult& b) {
  return a.start_time == b.start_time && a.end_time == b.end_time;
}
bool end_alike(const RowResult& a, const RowResult& b) {
  return a.outcome == b.outcome && a.attempts == b.attempts && a.request == b.request && a.at == b.at;
}

}  // namespace

void ResultCells::append(const RowResult& result, std::uint64_t line, std::string& out) {
  make_anew(result);
  const auto id = result.order_id.number();
  if (id && delimiter_ && encoding_ == text::Encoding::utf8) return append_at_once(*id, line, out);
  out += begin_;
  put_id(result.order_id, out);
  out += times_;
  put_encoded(std::to_string(line), out);
  out += end_;
}

/// As nearly all rows are written: what was made for the row before, and two numbers. Room is found once.
void ResultCells::append_at_once(std::uint64_t id, std::uint64_t line, std::string& out) const {
  const fmt::format_int id_digits(id);
  const fmt::format_int line_digits(line);
  const auto before = out.size();
  const auto more = begin_.size() + id_digits.size() + times_.size() + line_digits.size() + end_.size();
  out.resize_and_overwrite(before + more, [&](char* all, std::size_t) {
    char* at = all + before;
    const auto put = [&](const char* text, std::size_t bytes) {
      at = static_cast<char*>(std::memcpy(at, text, bytes)) + bytes;
    };
    put(begin_.data(), begin_.size());
    put(id_digits.data(), id_digits.size());
    put(times_.data(), times_.size());
    put(line_digits.data(), line_digits.size());
    put(end_.data(), end_.size());
    return static_cast<std::size_t>(at - all);
  });
}

/// What is not as in the row before.
void ResultCells::make_anew(const RowResult& result) {
  const bool other_begin = begin_.empty() || !begin_alike(result, before_);
  const bool other_times = times_.empty() || !times_alike(result, before_);
  const bool other_end = end_.empty() || !end_alike(result, before_);
  if (other_begin) begin_ = begin_of(result);
  if (other_times) times_ = times_of(result);
  if (other_end) end_ = end_of(result);
  if (other_begin || other_times || other_end) before_ = result;
}

void ResultCells::put_id(const OrderId& id, std::string& out) {
  own_.clear();
  put_value(id.str(), own_);
  put_encoded(own_, out);
}

void ResultCells::put_encoded(std::string_view cells, std::string& out) const {
  if (encoding_ == text::Encoding::utf8 && text::is_ascii(cells))
    out += cells;
  else
    out += text::encode(encoding_, cells);
}

std::string ResultCells::begin_of(const RowResult& result) const {
  std::string cells;
  put_text(0, name(result.outcome), cells);
  put_number(1, result.status, cells);
  put_text(2, result.message, cells);
  put_opening(3, cells);
  return text::encode(encoding_, cells);
}

std::string ResultCells::times_of(const RowResult& result) const {
  std::string cells;
  put_text(4, result.start_time, cells);
  put_text(5, result.end_time, cells);
  put_opening(6, cells);
  return text::encode(encoding_, cells);
}

std::string ResultCells::end_of(const RowResult& result) const {
  std::string cells;
  put_number(7, result.attempts, cells);
  put_text(8, result.request, cells);
  put_text(9, result.at ? rfc3339(*result.at) : "", cells);
  put_text(10, word(result.outcome, lang_), cells);
  return text::encode(encoding_, delimiter_ ? cells : cells + '}');
}

void ResultCells::put_opening(std::size_t column, std::string& out) const {
  if (delimiter_)
    out += *delimiter_;
  else
    out += kJsonOpenings[column];
}

void ResultCells::put_text(std::size_t column, std::string_view utf8, std::string& out) const {
  put_opening(column, out);
  put_value(utf8, out);
}

void ResultCells::put_value(std::string_view utf8, std::string& out) const {
  if (delimiter_ && is_plain(utf8)) {
    out += utf8;
    return;
  }
  if (delimiter_) return put_csv_cell(ascii_ ? text::ascii_only(utf8) : std::string(utf8), *delimiter_, out);
  const std::string escaped = text::json_escaped(utf8);
  out.append("\"").append(ascii_ ? text::ascii_only(escaped) : escaped).append("\"");
}

void ResultCells::put_number(std::size_t column, std::optional<std::int64_t> number, std::string& out) const {
  std::array<char, 24> digits{};
  const auto end = number ? std::to_chars(digits.begin(), digits.end(), *number).ptr : digits.begin();
  const std::string_view written(digits.begin(), end);
  put_opening(column, out);
  if (delimiter_ && number.value_or(0) < 0)
    return put_csv_cell(written, *delimiter_, out);  // a formula, to a spreadsheet
  out += number || delimiter_ ? written : "null";
}

}  // namespace sluice::records
