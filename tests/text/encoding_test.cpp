#include "sluice/text/encoding.hpp"

#include <gtest/gtest.h>
#include <iconv.h>

namespace sluice::text {
namespace {

std::string utf8_of(char32_t code_point) {
  std::string out;
  append_utf8(code_point, out);
  return out;
}

/// The offset of the fault, or -1.
int fault_of(Encoding encoding, std::string_view raw, bool last = true) {
  Decoded out;
  const auto result = decode(encoding, raw, last, out);
  return result ? -1 : static_cast<int>(result.error().offset);
}

std::string decoded(Encoding encoding, std::string_view raw) {
  Decoded out;
  EXPECT_TRUE(decode(encoding, raw, true, out));
  EXPECT_EQ(out.consumed, raw.size());
  return out.utf8;
}

TEST(Encoding, TellsTheByteOrderMarks) {
  EXPECT_EQ(detect_bom("\xEF\xBB\xBFuid")->encoding, Encoding::utf8);
  EXPECT_EQ(detect_bom(std::string_view("\xFF\xFEu\0", 4))->encoding, Encoding::utf16le);
  EXPECT_EQ(detect_bom(std::string_view("\xFE\xFF\0u", 4))->encoding, Encoding::utf16be);
  EXPECT_EQ(detect_bom("\x84\x31\x95\x33uid")->bytes, 4U);
  EXPECT_FALSE(detect_bom("uid"));
  EXPECT_FALSE(detect_bom(""));
  for (const Encoding encoding : kEncodings) EXPECT_EQ(bom(encoding), encode(encoding, "\uFEFF"));
}

TEST(Encoding, Utf8IsStrict) {
  EXPECT_EQ(fault_of(Encoding::utf8, "a联通é😀"), -1);
  EXPECT_EQ(fault_of(Encoding::utf8, "\xC1\xAA\xCD\xA8"), 0) << "联通 in GBK";
  EXPECT_EQ(fault_of(Encoding::utf8, "ab\xC0\x80"), 2) << "overlong";
  EXPECT_EQ(fault_of(Encoding::utf8, "\xE0\x80\x80"), 0) << "overlong";
  EXPECT_EQ(fault_of(Encoding::utf8, "\xF0\x80\x80\x80"), 0) << "overlong";
  EXPECT_EQ(fault_of(Encoding::utf8, "x\xED\xA0\x80"), 1) << "surrogate";
  EXPECT_EQ(fault_of(Encoding::utf8, "\xF4\x90\x80\x80"), 0) << "above U+10FFFF";
  EXPECT_EQ(fault_of(Encoding::utf8, "\x80"), 0) << "lone continuation";
  EXPECT_EQ(fault_of(Encoding::utf8, "12345678901\xFF"), 11);
  EXPECT_EQ(fault_of(Encoding::utf8, "a\xE8\x81"), 1) << "cut";
  EXPECT_EQ(fault_of(Encoding::utf8, "a\xE8\x81", false), -1) << "the rest may come";
  EXPECT_EQ(fault_of(Encoding::utf8, "a\xE8(", false), 1);
}

TEST(Encoding, Utf16ReadsBothOrdersAndRefusesHalfPairs) {
  EXPECT_EQ(decoded(Encoding::utf16le, encode(Encoding::utf16le, "a联😀")), "a联😀");
  EXPECT_EQ(decoded(Encoding::utf16be, encode(Encoding::utf16be, "a联😀")), "a联😀");
  EXPECT_EQ(encode(Encoding::utf16be, "😀"), std::string("\xD8\x3D\xDE\x00", 4));
  EXPECT_EQ(fault_of(Encoding::utf16be, std::string_view("\0a\xDC\0", 4)), 2) << "low half alone";
  EXPECT_EQ(fault_of(Encoding::utf16be, std::string_view("\xD8\x3D\0a", 4)), 0) << "high half alone";
  EXPECT_EQ(fault_of(Encoding::utf16be, std::string_view("\xD8\x3D", 2)), 0) << "cut";
  EXPECT_EQ(fault_of(Encoding::utf16be, std::string_view("\xD8\x3D", 2), false), -1);
  EXPECT_EQ(fault_of(Encoding::utf16le, "abc"), 2) << "odd";
}

TEST(Encoding, Gb18030ReadsOneTwoAndFourBytes) {
  EXPECT_EQ(decoded(Encoding::gb18030, "uid,\xC1\xAA\xCD\xA8"), "uid,联通");
  EXPECT_EQ(decoded(Encoding::gb18030, "\x94\x39\xDA\x33"), "\U0001F4A9");
  EXPECT_EQ(decoded(Encoding::gb18030, "\x81\x30\x84\x36"), "¥");
  EXPECT_EQ(decoded(Encoding::gb18030, "\xE3\x32\x9A\x35"), "\U0010FFFF");
  EXPECT_EQ(fault_of(Encoding::gb18030, "a\x80"), 1);
  EXPECT_EQ(fault_of(Encoding::gb18030, "a\xFF"), 1);
  EXPECT_EQ(fault_of(Encoding::gb18030, "\xC1\x7F"), 0) << "no trail byte";
  EXPECT_EQ(fault_of(Encoding::gb18030, "\xE3\x32\x9A\x36"), 0) << "above U+10FFFF";
  EXPECT_EQ(fault_of(Encoding::gb18030, "\x84\x31\xA5\x30"), 0) << "between the planes";
  EXPECT_EQ(fault_of(Encoding::gb18030, "ab\xC1"), 2) << "cut";
  EXPECT_EQ(fault_of(Encoding::gb18030, "ab\xC1", false), -1);
  EXPECT_EQ(fault_of(Encoding::gb18030, "\x94\x39\xDA", false), -1);
  EXPECT_EQ(fault_of(Encoding::gb18030, "\x94\x39\x20", false), 0);
}

TEST(Encoding, OriginsLeadBackToEveryCharactersFirstByte) {
  Decoded out;
  ASSERT_TRUE(decode(Encoding::gb18030, "a\xC1\xAA\x94\x39\xDA\x33z", true, out));
  ASSERT_EQ(out.utf8, "a联\U0001F4A9z");
  EXPECT_EQ(out.origin, (std::vector<std::uint32_t>{0, 1, 1, 1, 3, 3, 3, 3, 7}));
  ASSERT_TRUE(decode(Encoding::utf8, "a联", true, out));
  EXPECT_TRUE(out.origin.empty());
}

TEST(Encoding, WhatCameBeforeAFaultIsThere) {
  Decoded out;
  EXPECT_FALSE(decode(Encoding::gb18030, "ab\xC1\xAA\x80", true, out));
  EXPECT_EQ(out.utf8, "ab联");
  EXPECT_EQ(out.consumed, 4U);
}

TEST(Encoding, EveryCharacterSurvivesEveryEncoding) {
  for (char32_t c = 1; c <= 0x10FFFF; c += (c < 0x11000 ? 1 : 97)) {
    if (c >= 0xD800 && c < 0xE000) continue;
    const std::string utf8 = utf8_of(c);
    for (const Encoding encoding : kEncodings) {
      const bool private_use = c >= 0xE000 && c < 0xF900;
      if (private_use && encoding == Encoding::gb18030) continue;
      Decoded out;
      const std::string raw = encode(encoding, utf8);
      ASSERT_TRUE(decode(encoding, raw, true, out)) << name(encoding) << " U+" << std::hex << static_cast<unsigned>(c);
      ASSERT_EQ(out.utf8, utf8) << name(encoding) << " U+" << std::hex << static_cast<unsigned>(c);
    }
  }
}

/// An independent judge: glibc's own converter, a character at a time.
TEST(Encoding, Gb18030AgreesWithIconvOnEveryTwoBytes) {
  const auto converter = iconv_open("UTF-8", "GB18030");
  ASSERT_NE(converter, reinterpret_cast<iconv_t>(-1));
  for (unsigned pair = 0x8000; pair <= 0xFFFF; ++pair) {
    char raw[] = {static_cast<char>(pair >> 8), static_cast<char>(pair & 0xFF)};
    char utf8[8];
    char* in = raw;
    char* out = utf8;
    std::size_t in_left = 2;
    std::size_t out_left = sizeof utf8;
    iconv(converter, nullptr, nullptr, nullptr, nullptr);
    const bool good = iconv(converter, &in, &in_left, &out, &out_left) != static_cast<std::size_t>(-1) && in_left == 0;
    Decoded ours;
    ASSERT_EQ(decode(Encoding::gb18030, {raw, 2}, true, ours).has_value(), good) << std::hex << pair;
    if (good) ASSERT_EQ(ours.utf8, std::string(utf8, out)) << std::hex << pair;
  }
  iconv_close(converter);
}

TEST(Encoding, WhatIsNoUtf8BecomesAQuestionMark) {
  for (const Encoding encoding : kEncodings) EXPECT_EQ(encode(encoding, "a\xFFz"), encode(encoding, "a?z"));
}

TEST(Encoding, TellsAsciiAndUtf8) {
  EXPECT_TRUE(is_ascii("0123456789abcdef\n"));
  EXPECT_FALSE(is_ascii("0123456789abcdé"));
  EXPECT_TRUE(is_utf8("联通"));
  EXPECT_FALSE(is_utf8("\xC1\xAA\xCD\xA8"));
}

}  // namespace
}  // namespace sluice::text
