#include <dlfcn.h>
#include <gtest/gtest.h>
#include <iconv.h>

#include "sluice/text/encoding.hpp"

namespace {
bool no_converter = false;
}

/// Stands before the C library's own, so that a test can take the converter away.
extern "C" iconv_t iconv_open(const char* to, const char* from) {
  if (no_converter) return reinterpret_cast<iconv_t>(-1);  // NOLINT(performance-no-int-to-ptr): iconv's own error value
  static const auto real = reinterpret_cast<iconv_t (*)(const char*, const char*)>(dlsym(RTLD_NEXT, "iconv_open"));
  return real(to, from);
}

namespace sluice::text {
namespace {

/// Decodes in a process of its own, as the tables are made once a process.
int decoded_without_converter(std::string_view raw) {
  no_converter = true;
  Decoded out;
  const bool sound = decode(Encoding::gb18030, raw, true, out).has_value();
  return (available(Encoding::gb18030) ? 10 : 0) + (sound ? 1 : 0);
}

TEST(Gb18030WithoutAConverter, IsUnavailableAndNothingButAsciiDecodes) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::_Exit(decoded_without_converter("\xC1\xAA")), testing::ExitedWithCode(0), "");
  EXPECT_EXIT(std::_Exit(decoded_without_converter("uid")), testing::ExitedWithCode(1), "");
  EXPECT_TRUE(available(Encoding::gb18030)) << "here";
}

}  // namespace
}  // namespace sluice::text
