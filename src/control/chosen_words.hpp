// The word for what the code has as an enumerator, in both languages.
#pragma once

#include <string>

#include "sluice/pipeline/status.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/records/outcome.hpp"
#include "sluice/text/words/status.hpp"

namespace sluice::control {

inline std::string state_words(ports::JobState state) {
  namespace words = text::words;
  constexpr text::Sentence<0> kWords[] = {words::claiming,  words::claiming, words::surveying,
                                          words::sending,   words::staged,   words::done,
                                          words::rejecting, words::rejected, words::dropped};
  return kWords[static_cast<std::size_t>(state)]();
}

}  // namespace sluice::control
