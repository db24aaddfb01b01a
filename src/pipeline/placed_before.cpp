#include "sluice/pipeline/placed_before.hpp"

#include <utility>

#include "row_marks.hpp"
#include "sluice/pipeline/planner.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {

constexpr std::size_t kShownName = 80;

/// Counts each mark of the file once, however often it was placed.
class Matches {
 public:
  explicit Matches(const std::vector<std::uint64_t>& marks) : most_(marks.size()), wanted_(marks.size()) {
    for (const auto mark : marks) wanted_.insert(mark);
  }
  void look(const ports::PlacedOrders& placed) {
    for (const auto mark : placed.marks) {
      if (!wanted_.contains(mark)) continue;
      if (!found_) found_.emplace(most_);
      if (!found_->contains(mark)) ++result.orders;
      found_->insert(mark);
      if (!result.last || *result.last < placed.job) result.last = placed.job;
    }
  }

  PlacedBefore result;

 private:
  std::size_t most_;
  KeySet wanted_;
  std::optional<KeySet> found_;  ///< nearly no file has any
};

}  // namespace

Task<Result<PlacedBefore>> placed_before(ports::Ledger& ledger, std::vector<std::uint64_t> marks, WallTime since,
                                         std::optional<JobId> own) {
  if (marks.empty()) co_return PlacedBefore{};
  std::optional<Matches> matches;
  ports::PlacedPage page{.placed = {}, .last = 0, .end = false};
  while (!page.end) {
    auto next = co_await ledger.placed(since, page.last);
    if (!next) co_return std::unexpected(next.error());
    page = std::move(*next);
    // Where nothing is remembered, a million rows cost nothing.
    if (!matches && !page.placed.empty()) matches.emplace(marks);
    for (const auto& placed : page.placed) {
      if (placed.job != own) matches->look(placed);
    }
  }
  if (!matches || !matches->result.last) co_return PlacedBefore{};
  const auto job = co_await ledger.job(*matches->result.last);
  if (!job) co_return std::unexpected(job.error());
  if (*job) matches->result.last_name = (*job)->name;
  co_return std::move(matches->result);
}

std::vector<std::uint64_t> marks_of(std::string_view secret, const std::vector<std::string>& elements) {
  const RowMarks marks(secret);
  std::vector<std::uint64_t> all;
  all.reserve(elements.size());
  for (const auto& element : elements) all.push_back(marks.of(element));
  return all;
}

text::Message placed_before_message(const PlacedBefore& placed) {
  return {text::Word::placed_before,
          {std::to_string(placed.orders), to_string(placed.last.value_or(JobId{})),
           text::shown(placed.last_name, kShownName)}};
}

}  // namespace sluice::pipeline
