#include "job_story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "history_pages.hpp"
#include "parsed.hpp"
#include "printable.hpp"
#include "sluice/control/views.hpp"
#include "sluice/text/words/story.hpp"

namespace sluice::control {

namespace {

namespace json = boost::json;
namespace words = text::words;
using ports::Task;
using records::Outcome;

constexpr std::size_t kMostFaults = 100;  // different ones
constexpr std::size_t kShownRows = 10;    // of each
constexpr std::size_t kMostBatches = 10'000;
constexpr std::size_t kShownBatches = 20;
constexpr std::size_t kPage = 1000;

/// Rows of one message.
struct Fault {
  std::uint64_t count = 0;
  std::vector<std::uint64_t> rows;  ///< the first ones
};

class Story {
 public:
  void settled(const records::RowResult& row) {
    ports::Counts one{};
    ++one[row.outcome];
    if (!row.request.empty()) {
      const bool same = !batches_.empty() && batches_.back().request == row.request && batches_.back().at == row.at;
      if (!same && batches_.size() < kMostBatches) batches_.push_back({.request = row.request, .at = row.at});
      if (batches_.back().request == row.request) batches_.back().counts += one;
    }
    if (row.outcome == Outcome::accepted || row.outcome == Outcome::accepted_earlier) return;
    const auto found = faults_.find(std::string_view(row.message));
    if (found == faults_.end() && faults_.size() >= kMostFaults) return;
    auto& fault = faults_[std::string(row.message)];
    ++fault.count;
    if (fault.rows.size() < kShownRows) fault.rows.push_back(row.row);
  }
  bool empty() const { return faults_.empty() && batches_.empty(); }
  json::object told() const {
    std::vector<std::pair<std::string, Fault>> most(faults_.begin(), faults_.end());
    std::ranges::sort(most, std::ranges::greater{}, [](const auto& one) { return one.second.count; });
    json::array faults;
    for (const auto& [message, fault] : most) {
      faults.push_back({{"message", message}, {"count", fault.count}, {"rows", json::value_from(fault.rows)}});
    }
    json::array batches;
    for (const auto& batch : batches_) {
      batches.push_back({{"request", std::string_view(batch.request)},
                         {"at", time_or_null(batch.at)},
                         {"counts", counts_object(batch.counts)}});
    }
    return {{"faults", std::move(faults)}, {"batches", std::move(batches)}};
  }

 private:
  struct Batch {
    SharedText request;
    std::optional<WallTime> at;
    ports::Counts counts{};
  };
  std::map<std::string, Fault, std::less<>> faults_;
  std::vector<Batch> batches_;
};

}  // namespace

Task<Result<json::object>> job_story(ports::Ledger& ledger, JobId job) {
  Story story;
  std::uint64_t after = 0;
  while (true) {
    const auto rows = co_await ledger.rows(job, after, kPage);
    if (!rows) co_return std::unexpected(rows.error());
    for (const auto& row : *rows) story.settled(row);
    if (rows->size() < kPage) break;
    after = rows->back().row;
  }
  // Its answers are forgotten at its end, but for what is remembered of its orders.
  if (!story.empty()) co_return story.told();
  const auto done = co_await each_remembered(ledger, {.id = {}, .job = job},
                                             [&](const ports::RememberedOrder& order) { story.settled(order.result); });
  if (!done) co_return std::unexpected(done.error());
  co_return story.told();
}

std::string story_text(text::Lang lang, const json::object& job) {
  std::string out;
  if (const auto* faults = array_of(job, "faults")) {
    for (const auto& fault : *faults) {
      if (!fault.is_object()) continue;
      const auto& one = fault.as_object();
      std::string rows;
      if (const auto* numbers = array_of(one, "rows")) {
        for (const auto& row : *numbers) rows += (rows.empty() ? "" : ", ") + json::serialize(row);
      }
      const auto* count = one.if_contains("count");
      out += printable(text::in(lang, words::fault_of_rows(count == nullptr ? "" : json::serialize(*count),
                                                           std::string(word_of(one, "message")), rows))) +
             "\n";
    }
  }
  const auto* batches = array_of(job, "batches");
  if (batches == nullptr || batches->empty()) return out;
  const auto shown = std::min(batches->size(), kShownBatches);
  out += text::in(lang, words::requests_with_results(shown, batches->size())) + "\n";
  for (auto at = batches->end() - static_cast<std::ptrdiff_t>(shown); at != batches->end(); ++at) {
    if (!at->is_object()) continue;
    const auto& one = at->as_object();
    out += printable(fmt::format("  {}  {}  {}", word_of(one, "at"), word_of(one, "request"),
                                 text::in(lang, counts_text(counts_of(one.if_contains("counts")))))) +
           "\n";
  }
  return out;
}

}  // namespace sluice::control
