#include "sluice/pipeline/placed_before.hpp"

#include <algorithm>
#include <utility>

#include "placed_matches.hpp"
#include "row_marks.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::pipeline {

using ports::Task;

namespace {

constexpr std::size_t kShownName = 80;

}  // namespace

void PlacedMatches::look(const ports::PlacedOrders& placed) {
  for (const auto mark : placed.marks) {
    const auto number = orders_.number_of(mark);
    if (!number) continue;
    found_.resize(orders_.most + 1);
    if (!found_[*number]) ++result_.orders;
    found_[*number] = true;
    if (!result_.last || *result_.last < placed.job) result_.last = placed.job;
  }
}

Task<Result<PlacedBefore>> PlacedMatches::named(ports::Ledger& ledger) {
  if (!result_.last) co_return PlacedBefore{};
  const auto job = co_await ledger.job(*result_.last);
  if (!job) co_return std::unexpected(job.error());
  if (*job) result_.last_name = (*job)->name;
  co_return result_;
}

Task<Result<PlacedBefore>> placed_before(ports::Ledger& ledger, MarkedOrders orders, WallTime since,
                                         std::optional<JobId> own) {
  PlacedMatches matches(std::move(orders));
  ports::PlacedPage page{.placed = {}, .last = 0, .end = false};
  while (!page.end) {
    auto next = co_await ledger.placed(since, page.last);
    if (!next) co_return std::unexpected(next.error());
    page = std::move(*next);
    for (const auto& placed : page.placed) {
      if (placed.job != own) matches.look(placed);
    }
  }
  co_return co_await matches.named(ledger);
}

Task<Result<PlacedBefore>> placed_before(ports::Ledger& ledger, std::vector<std::uint64_t> marks, WallTime since,
                                         std::optional<JobId> own) {
  if (marks.empty()) co_return PlacedBefore{};
  std::ranges::sort(marks);
  const MarkedOrders orders{.most = marks.size(), .number_of = [&marks](std::uint64_t mark) {
                              const auto found = std::ranges::lower_bound(marks, mark);
                              const bool there = found != marks.end() && *found == mark;
                              return there ? std::optional<std::uint64_t>(found - marks.begin()) : std::nullopt;
                            }};
  co_return co_await placed_before(ledger, orders, since, own);
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
