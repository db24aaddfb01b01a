#include "language.hpp"

#include <cstdlib>
#include <string_view>

namespace sluice::app {

text::Lang language_of(const char* lc_all, const char* lc_messages, const char* lang) {
  for (const char* locale : {lc_all, lc_messages, lang}) {
    if (locale == nullptr || *locale == '\0') continue;
    return std::string_view(locale).starts_with("zh") ? text::Lang::zh : text::Lang::en;
  }
  return text::Lang::en;
}

text::Lang language_of(config::Language setting) {
  switch (setting) {
    case config::Language::en:
      return text::Lang::en;
    case config::Language::zh:
      return text::Lang::zh;
    case config::Language::from_environment:
      break;
  }
  return language_of(std::getenv("LC_ALL"), std::getenv("LC_MESSAGES"), std::getenv("LANG"));
}

void tell(std::FILE* stream, text::Lang language, std::string_view words) {
  const auto line = text::in(language, words) + "\n";
  std::fwrite(line.data(), 1, line.size(), stream);
}

}  // namespace sluice::app
