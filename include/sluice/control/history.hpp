#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/text/sentence.hpp"

namespace sluice::control {

inline constexpr std::size_t kLongestHistory = 10'000;

/// Which of the jobs that the ledger knows.
struct HistoryFilter {
  std::optional<WallTime> since;  ///< claimed then or later
  std::string name;               ///< a part of the file's name; empty: any
};
std::string history_filter_json(const HistoryFilter& filter);
/// What is missing or of another type restricts nothing.
HistoryFilter parse_history_filter(std::string_view json);

/// The jobs, newest first, at most kLongestHistory, as JSON: what POST /history answers.
/// `elsewhere`: jobs at work at other hosts.
ports::Task<Result<std::string>> history_answer(ports::Ledger& ledger, HistoryFilter filter,
                                                std::vector<ports::JobHeader> elsewhere = {});
/// The same for people, a line a job. Kind bad_input: it is no such JSON.
Result<std::string> history_text(std::string_view json, text::Lang lang = text::Lang::en);

}  // namespace sluice::control
