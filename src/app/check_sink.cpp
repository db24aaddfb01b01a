#include "check_sink.hpp"

#include <fmt/format.h>

#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {
constexpr std::size_t kMostComplaints = 10'000;  // beyond it, only counted: memory stays flat
}

ports::Task<Result<void>> CheckSink::begin(const records::Format& format, const pipeline::OrderReading& reading) {
  *this = CheckSink(size_);
  planner_.emplace(JobId{}, size_, [this] { return BatchId{++numbers_}; });
  chinese_ = reading.lang() == text::Lang::zh;
  json_ = format.shape != records::Shape::delimited;
  const auto& mapping = reading.mapping();
  const auto& service = orders::service(mapping.service);
  const auto fields = service.fields;
  for (std::size_t i = 0; i < mapping.field_of_column.size() && i < mapping.spelled.size(); ++i) {
    const auto field = mapping.field_of_column[i];
    if (field == orders::kResult) continue;
    OrderColumn& column = columns_.emplace_back(
        OrderColumn{.spelled = text::shown(text::trim(mapping.spelled[i])), .field = {}, .nearest = {}});
    if (field >= 0) {
      column.field = fields[static_cast<std::size_t>(field)].name;
    } else {
      column.nearest = orders::nearest_header(mapping.spelled[i], service, mapping.field_of_column).header;
    }
  }
  co_return Result<void>{};
}

void CheckSink::complain(std::string line) {
  if (complaints_.size() < kMostComplaints) {
    complaints_.push_back(std::move(line));
  } else {
    ++unlisted_;
  }
}

void CheckSink::valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged) {
  ++valid_;
  planner_->add(row, judged.order);
  requests_ += planner_->take().size();
  for (const auto& warning : judged.warnings) {
    complain(fmt::format("{} {}: warning: {}", json_ ? "order" : "line", line,
                         text::say(chinese_ ? text::Lang::zh : text::Lang::en, warning)));
  }
}

void CheckSink::settled(std::uint64_t line, const records::RowResult& result) {
  using enum records::Outcome;
  ++(result.outcome == duplicate ? duplicates_ : result.outcome == in_doubt ? in_doubt_ : invalid_);
  complain(fmt::format("{} {}: {}: {}", json_ ? "order" : "line", line, records::name(result.outcome), result.message));
}

ports::Task<Result<void>> CheckSink::breathe() {
  co_return Result<void>{};
}

std::uint64_t CheckSink::requests() {
  planner_->finish();
  requests_ += planner_->take().size();
  return requests_;
}

}  // namespace sluice::app
