#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "sluice/base/ids.hpp"
#include "sluice/base/time.hpp"

namespace sluice::text {

/// The language of what a person reads: of results and reasons that of the file, of all else that of the reader.
/// Stored in the ledger: never renumber.
enum class Lang : std::uint8_t { en = 0, zh = 1 };

/// One string that carries a text in both languages, until whoever shows it knows its reader: the two stand between
/// control characters, which shown() lets through from nobody else. It may be stored, put into other strings and made
/// an argument of another sentence; in() takes one language out. Neither part may hold another such string.
std::string both(std::string_view english, std::string_view chinese);

/// What a reader of that language sees. A string without a second language stays as it is.
std::string in(Lang lang, std::string_view words);

/// 67112146 → "64 MiB", rounded to what people compare.
std::string size_words(std::uint64_t bytes);
/// "3 min 20 s", "2 h 5 min": the two largest units.
std::string duration_words(Nanos duration);
/// "2024-01-15 12:03:40 UTC"; in Chinese the same instant in UTC+8, which its readers' clocks show.
std::string time_words(WallTime t);
/// The same without the day.
std::string clock_words(WallTime t);

/// Judges a sentence while it is compiled: every place {0} to {9} below `places` stands in both languages and no other
/// does; no Chinese sign stands in the English, and something other than ASCII in the Chinese. `{n:order|orders}` is
/// the noun for the number n (English only).
consteval bool is_sound(std::string_view english, std::string_view chinese, std::size_t places);

/// A sentence that people read, with so many arguments. Those of one speaker stand in one header of text/words/.
template <std::size_t Places>
class Sentence {
 public:
  consteval Sentence(const char* english, const char* chinese) : english_(english), chinese_(chinese) {
    if (!is_sound(english, chinese, Places)) throw "a sentence whose two languages don't fit each other";
  }

  /// Both languages in one string; each argument is a text (of one language or both), a number or a job.
  template <class... Args>
    requires(sizeof...(Args) == Places)
  std::string operator()(const Args&... args) const {
    const std::array<std::string, Places> texts{argument(args)...};
    return put(english_, chinese_, texts);
  }

  constexpr const char* english() const { return english_; }
  constexpr const char* chinese() const { return chinese_; }

 private:
  static std::string argument(std::string_view text) { return std::string(text); }
  static std::string argument(JobId job) { return to_string(job); }
  static std::string argument(std::integral auto number) { return std::to_string(number); }
  static std::string put(std::string_view english, std::string_view chinese, std::span<const std::string> args);

  const char* english_;
  const char* chinese_;
};

/// Fills the places of one language. What is no place, and a place without an argument, stays as it is.
std::string fill(Lang lang, std::string_view sentence, std::span<const std::string> args);

template <std::size_t Places>
std::string Sentence<Places>::put(std::string_view english, std::string_view chinese,
                                  std::span<const std::string> args) {
  return both(fill(Lang::en, english, args), fill(Lang::zh, chinese, args));
}

consteval bool is_sound(std::string_view english, std::string_view chinese, std::size_t places) {
  const auto names = [](std::string_view sentence) {
    std::array<bool, 10> found{};
    for (std::size_t i = 0; i + 2 < sentence.size(); ++i) {
      const char digit = sentence[i + 1];
      const bool is_place = sentence[i] == '{' && digit >= '0' && digit <= '9';
      if (is_place && (sentence[i + 2] == '}' || sentence[i + 2] == ':'))
        found[static_cast<std::size_t>(digit - '0')] = true;
    }
    return found;
  };
  const auto beyond = [](std::string_view sentence, unsigned char byte) {
    for (const char c : sentence) {
      if (static_cast<unsigned char>(c) > byte) return true;
    }
    return false;
  };
  for (std::size_t i = 0; i < 10; ++i) {
    if (names(english)[i] != (i < places) || names(chinese)[i] != (i < places)) return false;
  }
  return !beyond(english, 0xE2) && beyond(chinese, 0x7F);  // UTF-8: E3 leads the first of the Chinese signs
}

}  // namespace sluice::text
