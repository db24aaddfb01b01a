#include "sluice/pipeline/check_report.hpp"

#include <algorithm>
#include <utility>

#include "planner.hpp"
#include "row_lines.hpp"
#include "rows_by_hash.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/check.hpp"
#include "sluice/text/words/spool.hpp"

namespace sluice::pipeline {

namespace {

namespace words = text::words;
using text::Lang;

constexpr std::size_t kMostComplaints = 10'000;  // beyond it, only counted: memory stays flat
constexpr std::size_t kAskTogether = 1 << 20;    // bytes of orders: milliseconds of the process that is asked
constexpr double kPaceShare = 1.05;              // of the plain window: gaps and answers on their way

/// Takes a survey's findings into a report.
class CheckSink : public SurveySink {
 public:
  CheckSink(Planner::Size size, const EarlierFiles& earlier, Lang language, std::function<bool()> gives_up)
      : size_(size), earlier_(&earlier), language_(language), gives_up_(std::move(gives_up)) {}

  ports::Task<Result<void>> begin(const records::Format& format, const OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
             const OrderHashes& hashes) override;
  void foresee(std::uint64_t key) override { keys_.foresee(key); }
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;

  /// Ends the counting and the asking.
  ports::Task<CheckReport> report();

 private:
  void complain(CheckReport::Complaint complaint);
  ports::Task<void> ask_earlier();

  Planner::Size size_;
  const EarlierFiles* earlier_;
  Lang language_;
  std::function<bool()> gives_up_;
  CheckReport report_;
  std::optional<Planner> planner_;
  std::vector<std::string> not_asked_;  ///< orders of which it is still to be asked whether they were placed before
  std::size_t not_asked_bytes_ = 0;
  std::uint64_t numbers_ = 0;
  RowsByHash keys_;  ///< where each came first
  RowLines lines_;
};

ports::Task<Result<void>> CheckSink::begin(const records::Format& format, const OrderReading& reading) {
  *this = CheckSink(size_, *earlier_, language_, gives_up_);
  planner_.emplace(JobId{}, size_, [this] { return BatchId{++numbers_}; });
  report_.format = format;
  const auto& mapping = reading.mapping();
  const auto& service = orders::service(mapping.service);
  const auto fields = service.fields;
  for (std::size_t i = 0; i < mapping.field_of_column.size() && i < mapping.spelled.size(); ++i) {
    const auto field = mapping.field_of_column[i];
    if (field == orders::kResult) continue;
    auto& column = report_.columns.emplace_back(
        CheckReport::Column{.spelled = text::shown(text::trim(mapping.spelled[i])), .field = {}, .nearest = {}});
    if (field >= 0) {
      column.field = fields[static_cast<std::size_t>(field)].name;
    } else {
      column.nearest = orders::nearest_header(mapping.spelled[i], service, mapping.field_of_column).header;
    }
  }
  co_return Result<void>{};
}

void CheckSink::complain(CheckReport::Complaint complaint) {
  if (report_.complaints.size() < kMostComplaints) {
    report_.complaints.push_back(std::move(complaint));
  } else {
    ++report_.unlisted;
  }
}

void CheckSink::valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
                      const OrderHashes& hashes) {
  ++report_.to_send;
  planner_->add(row, judged.order, hashes);
  report_.requests += planner_->take().size();
  if (earlier_->may_know_orders()) {
    not_asked_.emplace_back(judged.order.element());
    not_asked_bytes_ += judged.order.element().size();
  }
  const auto warn = [&](const text::Message& warning) {
    complain({.line = line, .outcome = {}, .message = text::say(language_, warning)});
  };
  for (const auto& warning : judged.warnings) warn(warning);
  // Equal orders don't come here: it is another order on the same uid (modify: orderId).
  const auto before = keys_.find(hashes.key);
  lines_.add(row.row, line);
  if (before.empty()) return keys_.add(hashes.key, row.row);
  const auto first = lines_.of(before.front());
  const auto& service = orders::service(judged.order.service());
  const auto place = report_.lines() ? words::line_number(first) : words::order_number(first);
  warn({text::Word::warn_same_key,
        {std::string(service.fields[service.key_field].name), text::shown(judged.order.key()),
         text::in(Lang::en, place), text::in(Lang::zh, place)}});
}

void CheckSink::settled(std::uint64_t line, const records::RowResult& result) {
  using enum records::Outcome;
  ++(result.outcome == duplicate  ? report_.duplicates
     : result.outcome == in_doubt ? report_.in_doubt
                                  : report_.invalid);
  complain({.line = line, .outcome = result.outcome, .message = std::string(result.message)});
}

ports::Task<void> CheckSink::ask_earlier() {
  not_asked_bytes_ = 0;
  auto placed = co_await earlier_->placed_before(std::exchange(not_asked_, {}));
  report_.placed.orders += placed.orders;
  if (!placed.last || report_.placed.last >= placed.last) co_return;
  report_.placed.last = placed.last;
  report_.placed.last_name = std::move(placed.last_name);
}

ports::Task<Result<void>> CheckSink::breathe() {
  if (gives_up_()) co_return fail(ErrorKind::cancelled, text::words::reading_called_off());
  if (not_asked_bytes_ > kAskTogether) co_await ask_earlier();
  co_return Result<void>{};
}

ports::Task<CheckReport> CheckSink::report() {
  co_await ask_earlier();
  if (planner_) {
    planner_->finish();
    report_.requests += planner_->take().size();
  }
  co_return std::move(report_);
}

/// At this pace, from now on.
std::optional<CheckReport::Activation> activation_of(const CheckReport& report, WallTime now) {
  const auto fields = orders::service(report.service).fields;
  if (std::ranges::find(fields, orders::FieldKind::end_month, &orders::FieldSpec::kind) == fields.end())
    return std::nullopt;
  const auto deadline = orders::activation_deadline(now);
  const auto left = std::chrono::duration<double>(deadline - now).count();
  const bool all = report.seconds < left;
  return CheckReport::Activation{
      .day = orders::activation_day(now),
      .deadline = deadline,
      .day_after = orders::activation_day(deadline),
      .in_time = all ? report.to_send
                     : static_cast<std::uint64_t>(static_cast<double>(report.to_send) * left / report.seconds)};
}

CheckReport rejected(std::string why) {
  CheckReport report;
  report.rejected = std::move(why);
  return report;
}

}  // namespace

ports::Task<Result<CheckReport>> check(ports::ClaimedFile& file, const config::Settings& settings,
                                       const EarlierFiles& earlier, ports::Clock& clock, text::Lang language,
                                       std::function<bool()> gives_up) {
  const auto identity = co_await file.identity();
  if (identity && identity->size > settings.inbox.max_bytes) {
    co_return rejected(text::both(
        {text::Word::file_too_large, {text::size_words(identity->size), text::size_words(settings.inbox.max_bytes)}}));
  }
  if (auto why = co_await earlier.why_not_again(file)) co_return rejected(*std::move(why));
  CheckSink sink({.orders = settings.batch.orders, .bytes = settings.batch.bytes}, earlier, language,
                 std::move(gives_up));
  const auto now = clock.wall();
  auto verdict = co_await survey(file, now, co_await earlier.doubts(), sink, clock,
                                 {.max_rows = settings.guard.max_rows, .lang = language, .refuses_hopeless = true});
  if (!verdict) co_return std::unexpected(verdict.error());
  if (auto* no = std::get_if<Rejected>(&*verdict)) co_return rejected(std::move(no->reason));
  auto& surveyed = std::get<Surveyed>(*verdict);
  auto report = co_await sink.report();
  report.service = surveyed.service;
  report.format = surveyed.format;
  report.rows = surveyed.rows;
  report.warnings = std::move(surveyed.warnings);
  if (report.placed.orders > 0) report.warnings.push_back(placed_before_message(report.placed));
  report.seconds = static_cast<double>(report.requests) * kPaceShare / config::requests_a_second(settings);
  if (report.requests > 0) report.activation = activation_of(report, now);
  const auto cap = settings.guard.max_orders_per_file;
  report.held_by_cap = cap > 0 && report.to_send > cap;
  co_return report;
}

}  // namespace sluice::pipeline
