#include "front_door.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>

#include "sluice/text/normal.hpp"
#include "wire_messages.hpp"

namespace sluice::orders {

namespace {

bool is_letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// U+2000 to U+206F and U+3000 to U+303F: what NFKC leaves of punctuation beyond ASCII.
bool begins_with_punctuation(std::string_view utf8) {
  if (utf8.size() < 3) return false;
  const auto second = static_cast<unsigned char>(utf8[1]);
  return (utf8[0] == '\xE2' && (second == 0x80 || second == 0x81)) || (utf8[0] == '\xE3' && second == 0x80);
}

/// Letters, digits and characters alone, in lower case.
std::string bare(std::string_view message) {
  const std::string folded = text::nfkc(message);
  std::string bare;
  for (std::string_view rest = folded; !rest.empty();) {
    if (begins_with_punctuation(rest)) {
      rest.remove_prefix(3);
      continue;
    }
    const char c = rest.front();
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    if (!ascii || is_letter_or_digit(c)) bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    rest.remove_prefix(1);
  }
  return bare;
}

std::string without_politeness(std::string bare_message) {
  for (const auto phrase : wire_messages::kPoliteness) {
    const std::string polite = bare(phrase);
    if (const auto at = bare_message.find(polite); at != std::string::npos) bare_message.erase(at, polite.size());
  }
  return bare_message;
}

std::unordered_map<std::string, AnswerClass> index_sentences() {
  std::unordered_map<std::string, AnswerClass> index;
  for (const auto sentence : wire_messages::kDoorThrottle) index.emplace(bare(sentence), AnswerClass::throttled);
  for (const auto sentence : wire_messages::kDoorAuth) index.emplace(bare(sentence), AnswerClass::unauthorized);
  for (const auto sentence : wire_messages::kDoorForbidden) index.emplace(bare(sentence), AnswerClass::forbidden);
  return index;
}

}  // namespace

std::optional<AnswerClass> front_door(const Envelope& envelope) {
  static const auto kSentences = index_sentences();
  constexpr std::size_t kLongest = 200;  // in bytes; no sentence of theirs is longer
  if (envelope.has_data() || envelope.message().size() > kLongest) return std::nullopt;
  const auto found = kSentences.find(without_politeness(bare(envelope.message())));
  if (found == kSentences.end()) return std::nullopt;
  return found->second;
}

}  // namespace sluice::orders
