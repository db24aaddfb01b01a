#include "sluice/records/outcome.hpp"

#include "sluice/text/words/outcome.hpp"

namespace sluice::records {

std::string_view name(Outcome outcome) {
  static constexpr std::array<std::string_view, kOutcomes> kNames = {
      "", "accepted", "accepted_earlier", "refused", "invalid", "failed", "not_sent", "duplicate", "in_doubt"};
  return kNames[static_cast<std::size_t>(outcome)];
}

std::string_view word(Outcome outcome, text::Lang lang) {
  namespace words = text::words;
  static constexpr text::Sentence<0> kWords[] = {words::row_accepted,  words::row_accepted_earlier, words::row_refused,
                                                 words::row_invalid,   words::row_failed,           words::row_not_sent,
                                                 words::row_duplicate, words::row_in_doubt};
  const auto& said = kWords[std::to_underlying(outcome) - 1U];
  return lang == text::Lang::zh ? said.chinese() : said.english();
}

bool belongs_in_failures(Outcome outcome) {
  return outcome == Outcome::refused || outcome == Outcome::invalid || outcome == Outcome::failed ||
         outcome == Outcome::not_sent;
}

}  // namespace sluice::records
