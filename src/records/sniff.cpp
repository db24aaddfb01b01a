#include <algorithm>

#include "fault.hpp"
#include "json_scanner.hpp"
#include "signature.hpp"
#include "sniffing.hpp"

namespace sluice::records {
namespace {

using text::Word;

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

}  // namespace sluice::records
