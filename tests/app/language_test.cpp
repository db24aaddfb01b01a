#include "language.hpp"

#include <gtest/gtest.h>

#include "logging.hpp"

namespace sluice::app {
namespace {

using text::Lang;

TEST(Language, TheFirstVariableThatIsSetDecides) {
  EXPECT_EQ(language_of(nullptr, nullptr, nullptr), Lang::en);
  EXPECT_EQ(language_of(nullptr, nullptr, "zh_CN.UTF-8"), Lang::zh);
  EXPECT_EQ(language_of(nullptr, "zh_TW", "en_US.UTF-8"), Lang::zh);
  EXPECT_EQ(language_of("C", "zh_CN", "zh_CN"), Lang::en);
  EXPECT_EQ(language_of("", "", "zh"), Lang::zh);
}

TEST(Language, TheSettingsGoBeforeTheEnvironment) {
  EXPECT_EQ(language_of(config::Language::zh), Lang::zh);
  EXPECT_EQ(language_of(config::Language::en), Lang::en);
}

TEST(Language, ALineOfTheLogHasOneOfThem) {
  const auto line = [](Lang language) {
    return log_line({.place = LogPlace::journal_stream, .language = language}, config::LogLevel::info, {},
                    text::both("so", "如此"));
  };
  EXPECT_EQ(line(Lang::en), "<6>so\n");
  EXPECT_EQ(line(Lang::zh), "<6>如此\n");
}

}  // namespace
}  // namespace sluice::app
