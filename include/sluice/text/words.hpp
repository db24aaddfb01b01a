#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::text {

/// The language of what a person reads about a file: Chinese where the file's headers are.
/// Stored in the ledger: never renumber.
enum class Lang : std::uint8_t { en = 0, zh = 1 };

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

/// The sentence in a language. A {n} beyond the arguments stays as it is.
std::string say(Lang lang, const Message& message);

/// Several sentences about one thing, one after the other.
std::string say_all(Lang lang, std::span<const Message> messages);

/// The English sentence and, on a line of its own, the Chinese one: for a reason to refuse a whole file, of which often
/// nobody can tell in which language it is.
std::string say_in_both(const Message& message);

}  // namespace sluice::text
