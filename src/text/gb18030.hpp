#pragma once

#include "sluice/text/encoding.hpp"

namespace sluice::text {

/// Whether the C library has a converter to learn GB18030 from.
bool gb18030_available();

/// Contracts as decode() and encode() in encoding.hpp. What glibc's iconv calls assigned is assigned.
std::expected<void, DecodeFault> decode_gb18030(std::string_view raw, bool last, Decoded& out);
std::string encode_gb18030(std::string_view utf8);

}  // namespace sluice::text
