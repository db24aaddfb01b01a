#include "decorated_header.hpp"

#include <array>

#include "sluice/text/normal.hpp"

namespace sluice::orders {

namespace {

struct Brackets {
  std::string_view open;
  std::string_view close;
};
/// After NFKC, which makes （ ） and ［ ］ of ASCII.
constexpr std::array<Brackets, 3> kBrackets{{{"(", ")"}, {"[", "]"}, {"【", "】"}}};

/// Stars and colons at either end off, as often as they stand there.
std::string_view without_marks(std::string_view header) {
  while (true) {
    header = text::trim(header);
    if (header.starts_with('*')) {
      header.remove_prefix(1);
    } else if (header.ends_with('*') || header.ends_with(':')) {
      header.remove_suffix(1);
    } else {
      return header;
    }
  }
}

/// The note in brackets that a header ends with, taken off it; nullopt: none.
std::optional<std::string> take_note(std::string_view& header) {
  for (const auto& [open, close] : kBrackets) {
    const auto at = header.rfind(open);
    if (at == 0 || at == header.npos || !header.ends_with(close)) continue;
    const auto note = header.substr(at + open.size(), header.size() - at - open.size() - close.size());
    header = without_marks(header.substr(0, at));
    return std::string(without_marks(note));
  }
  return std::nullopt;
}

}  // namespace

std::optional<DecoratedHeader> without_decoration(std::string_view header) {
  const std::string normal = text::nfkc(header);
  auto name = without_marks(normal);
  DecoratedHeader bare;
  while (auto note = take_note(name)) bare.notes.push_back(*std::move(note));
  if (name.size() == text::trim(normal).size()) return std::nullopt;
  bare.name = name;
  return bare;
}

}  // namespace sluice::orders
