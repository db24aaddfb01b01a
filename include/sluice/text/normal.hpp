#pragma once

#include <string>
#include <string_view>

namespace sluice::text {

/// Unicode NFKC: full-width digits become ASCII ones. Text that is not UTF-8 comes back as it is.
std::string nfkc(std::string_view utf8);

/// Without white space at either end, in a wide sense (docs/api.md, Names people write): also U+3000, NBSP, zero-width,
/// BOM.
std::string_view trim(std::string_view utf8);

/// How names compare (docs/api.md, Names people write): NFKC, trim, ASCII lower case, no inner spaces, _ or -.
std::string match_key(std::string_view utf8);

std::size_t code_points(std::string_view utf8);

}  // namespace sluice::text
