#pragma once

#include <string>
#include <string_view>

namespace sluice::text {

/// Unicode NFKC: full-width digits become ASCII ones. Text that is not UTF-8 comes back as it is.
std::string nfkc(std::string_view utf8);

/// ASCII and U+4000 to U+9FFF, which are unified ideographs and a few hexagrams: NFKC leaves text of these alone as it
/// is (no mapping, no composition), and it is nearly all that a file holds.
bool is_inert(std::string_view utf8);

/// Without white space at either end, in a wide sense (docs/api.md, Names people write): also U+3000, NBSP, zero-width,
/// BOM.
std::string_view trim(std::string_view utf8);

/// How names compare (docs/api.md, Names people write): NFKC, trim, ASCII lower case, no inner spaces, _ or -; radicals
/// (docs/api.md, Local checks) are the characters they stand for.
std::string match_key(std::string_view utf8);

/// Full-width ASCII (U+FF01 to U+FF5E) as ASCII, and nothing else: where NFKC would guess at digits.
std::string fold_width(std::string_view utf8);

std::size_t code_points(std::string_view utf8);

}  // namespace sluice::text
