// Decoding and what is made of decoded text. First byte: the encoding, and where the input is cut in two.
#include <algorithm>

#include "property.hpp"
#include "sluice/text/encoding.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace {

using namespace sluice::text;

void check_origins(std::string_view raw, Encoding encoding, const Decoded& out) {
  FUZZ_PROPERTY(is_utf8(out.utf8));
  FUZZ_PROPERTY(out.consumed <= raw.size());
  if (encoding == Encoding::utf8) {
    FUZZ_PROPERTY(out.origin.empty() && out.utf8 == raw.substr(0, out.consumed));
    return;
  }
  FUZZ_PROPERTY(out.origin.size() == out.utf8.size());
  FUZZ_PROPERTY(std::ranges::is_sorted(out.origin));
  FUZZ_PROPERTY(out.origin.empty() || out.origin.back() < out.consumed);
  // A character's origin is where it can be decoded from on its own.
  for (std::size_t i = 0; i < out.utf8.size(); i += 7) {
    Decoded rest;
    const std::size_t from = out.origin[i];
    FUZZ_PROPERTY(decode(encoding, raw.substr(from, out.consumed - from), true, rest));
    FUZZ_PROPERTY(out.utf8.ends_with(rest.utf8));
  }
}

void check_decode(std::string_view raw, Encoding encoding, std::size_t cut) {
  Decoded whole;
  const auto sound = decode(encoding, raw, true, whole);
  check_origins(raw, encoding, whole);
  if (!sound) {
    const std::size_t at = sound.error().offset;
    FUZZ_PROPERTY(at < raw.size() && at == whole.consumed);
    Decoded before;
    FUZZ_PROPERTY(decode(encoding, raw.substr(0, at), true, before) && before.utf8 == whole.utf8);
    return;
  }
  FUZZ_PROPERTY(whole.consumed == raw.size());
  Decoded first;
  Decoded second;
  FUZZ_PROPERTY(decode(encoding, raw.substr(0, cut), false, first));
  FUZZ_PROPERTY(cut - first.consumed <= 3);
  FUZZ_PROPERTY(decode(encoding, raw.substr(first.consumed), true, second));
  FUZZ_PROPERTY(first.utf8 + second.utf8 == whole.utf8);
  for (const Encoding other : kEncodings) {
    Decoded again;
    const std::string encoded = encode(other, whole.utf8);
    FUZZ_PROPERTY(decode(other, encoded, true, again));
    if (other != Encoding::gb18030) FUZZ_PROPERTY(again.utf8 == whole.utf8);
    FUZZ_PROPERTY(code_points(again.utf8) == code_points(whole.utf8));
  }
}

void check_text(std::string_view text) {
  FUZZ_PROPERTY(code_points(shown(text, 40)) <= 41);
  FUZZ_PROPERTY(is_utf8(shown(text, 1000)));
  FUZZ_PROPERTY(is_ascii(ascii_only(text)));
  FUZZ_PROPERTY(is_utf8(json_escaped(text)));
  FUZZ_PROPERTY(trim(trim(text)) == trim(text));
  FUZZ_PROPERTY(text.find(trim(text)) != text.npos);
  FUZZ_PROPERTY(nfkc(nfkc(text)) == nfkc(text));
  const std::string key = match_key(text);
  FUZZ_PROPERTY(std::ranges::none_of(key, [](char c) { return c == ' ' || c == '_' || (c >= 'A' && c <= 'Z'); }));
  for (const Encoding encoding : kEncodings) {
    Decoded out;
    FUZZ_PROPERTY(decode(encoding, encode(encoding, text), true, out));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view raw(reinterpret_cast<const char*>(data) + 1, size - 1);
  check_decode(raw, kEncodings[data[0] % kEncodings.size()], raw.size() * (data[0] / 4) / 64);
  check_text(raw);
  return 0;
}
