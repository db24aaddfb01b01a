#include "position.hpp"

#include "sluice/text/normal.hpp"

namespace sluice::records {

void Position::advance(std::string_view utf8) {
  if (utf8.empty()) return;
  std::uint64_t ends = (utf8[0] == '\n' && !after_cr) || utf8[0] == '\r';
  for (std::size_t i = 1; i < utf8.size(); ++i) {
    ends += static_cast<unsigned>(utf8[i] == '\r');
    ends += static_cast<unsigned>(utf8[i] == '\n') & static_cast<unsigned>(utf8[i - 1] != '\r');
  }
  const auto last_end = ends == 0 && !after_cr ? utf8.npos : utf8.find_last_of("\r\n");
  if (last_end == utf8.npos) {
    column += text::code_points(utf8);
  } else {
    column = 1 + text::code_points(utf8.substr(last_end + 1));
  }
  line += ends;
  after_cr = utf8.back() == '\r';
}

}  // namespace sluice::records
