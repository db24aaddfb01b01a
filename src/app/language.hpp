#pragma once

#include <cstdio>
#include <string_view>

#include "sluice/config/settings.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::app {

/// locale(7): the first of these that is set and not empty decides. Each may be null.
text::Lang language_of(const char* lc_all, const char* lc_messages, const char* lang);

/// What the settings say, else what this process's environment says.
text::Lang language_of(config::Language setting);

/// One line for people, in their language, on that stream.
void tell(std::FILE* stream, text::Lang language, std::string_view words);

}  // namespace sluice::app
