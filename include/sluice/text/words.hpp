#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/text/sentence.hpp"

namespace sluice::text {

/// Every sentence about a file or a row, in both languages: the one table is text/words.def,
/// `WORD(name, "English with {0}", "Chinese with {0}")`.
enum class Word : std::uint16_t {
#define WORD(name, english, chinese) name,
#include "sluice/text/words.def"
#undef WORD
};

/// A sentence not yet put into a language.
struct Message {
  Word word;
  std::vector<std::string> args;  ///< already shortened by shown() where they come from outside
};

/// The sentence in a language; an argument of both languages is shown in it, too. A {n} beyond the arguments stays as
/// it is.
std::string say(Lang lang, const Message& message);

/// Several sentences about one thing, one after the other.
std::string say_all(Lang lang, std::span<const Message> messages);

/// The sentence in both languages, as one string that in() takes apart.
std::string both(const Message& message);

/// A text that is in that language already, and the sentence behind it, each with its full stop.
std::string with(Lang lang, std::string said, const Message& next);

}  // namespace sluice::text
