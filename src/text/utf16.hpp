#pragma once

#include "sluice/text/encoding.hpp"

namespace sluice::text {

/// Both byte orders. Contracts as decode() and encode() in encoding.hpp.
std::expected<void, DecodeFault> decode_utf16(bool big_endian, std::string_view raw, bool last, Decoded& out);
std::string encode_utf16(bool big_endian, std::string_view utf8);

}  // namespace sluice::text
