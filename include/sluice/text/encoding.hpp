#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

/// Stored in the ledger: never renumber.
enum class Encoding : std::uint8_t { utf8 = 0, utf16le = 1, utf16be = 2, gb18030 = 3 };
inline constexpr std::array kEncodings = {Encoding::utf8, Encoding::utf16le, Encoding::utf16be, Encoding::gb18030};
std::string_view name(Encoding encoding);
std::string_view bom(Encoding encoding);  ///< U+FEFF in it

/// False: GB18030, on a machine whose C library has no converter for it. All but ASCII is then a fault to decode().
bool available(Encoding encoding);

/// The byte order mark a file begins with (GB18030 has one too: 84 31 95 33), and how many bytes it takes. None:
/// nullopt.
struct Bom {
  Encoding encoding;
  std::size_t bytes;
};
std::optional<Bom> detect_bom(std::string_view head);

/// Decoded text and where each of its bytes came from.
struct Decoded {
  std::string utf8;
  /// For each byte of utf8, the offset in `raw` of the character it belongs to. Empty for Encoding::utf8, where the
  /// offsets are the same.
  std::vector<std::uint32_t> origin;
  std::size_t consumed = 0;  ///< bytes of raw used; the rest (at most 3) is an unfinished character
};

/// Bytes that are not text in this encoding: where they begin in `raw`.
struct DecodeFault {
  std::size_t offset;
};

/// Decodes strictly: overlong forms, surrogates, lone bytes and unassigned GB18030 pairs are faults, so that GBK is
/// never taken for UTF-8 (C1 AA CD A8 is a lax decoder's UTF-8). What `out` held is replaced; after a fault it holds
/// what came before it.
/// `last`: an unfinished character at the end is a fault, too. At most 1 GiB a call.
std::expected<void, DecodeFault> decode(Encoding encoding, std::string_view raw, bool last, Decoded& out);

/// decode() of UTF-8, which changes nothing: how many bytes of it are whole characters.
std::expected<std::size_t, DecodeFault> whole_utf8(std::string_view raw, bool last);

/// UTF-8 in another encoding, without a BOM. What is no UTF-8 becomes '?', and so do the few private-use characters
/// that GB18030 has given up, and all but ASCII where the encoding is not available.
std::string encode(Encoding encoding, std::string_view utf8);

/// One Unicode scalar value (no surrogate) in UTF-8.
void append_utf8(char32_t code_point, std::string& out);

bool is_ascii(std::string_view bytes);
bool is_utf8(std::string_view bytes);

/// How many Chinese characters (U+4000 to U+9FFF) stand before the first byte that is no UTF-8. In GB18030 that byte is
/// so near that there are none: a file with some is UTF-8, whole or damaged.
std::size_t chinese_before_fault(std::string_view bytes);

}  // namespace sluice::text
