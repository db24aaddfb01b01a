// `check FILE…`: what was understood, what is wrong, what it would take. Sends nothing, writes nothing.
#include <fmt/format.h>
#include <unistd.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <ranges>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "command_line.hpp"
#include "earlier.hpp"
#include "finish_task.hpp"
#include "machine.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/pipeline/planner.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"

namespace sluice::app {

namespace {

constexpr std::size_t kMostComplaints = 10'000;  // beyond it, only counted: memory stays flat
constexpr std::size_t kShownPath = 4096;
constexpr std::size_t kAskTogether = 1 << 20;  // bytes of orders: milliseconds of the process that is asked
constexpr int kSomeInvalid = 1;
constexpr int kRejected = 2;
constexpr double kPaceShare = 1.05;  // of the plain window: gaps and answers on their way

struct OrderColumn {
  std::string spelled;  ///< empty: it has no name
  std::string field;    ///< empty: carried, not sent
  std::string nearest;  ///< of a carried one: the header that may have been meant
};
using OrderColumns = std::vector<OrderColumn>;

/// Takes a survey's findings for a person to read.
class CheckSink : public pipeline::SurveySink {
 public:
  CheckSink(pipeline::Planner::Size size, const Earlier& earlier) : size_(size), earlier_(&earlier) {}

  ports::Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
             const pipeline::Element& element) override;
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;

  /// How many requests the rows that passed would take. Ends the counting.
  std::uint64_t requests();
  /// Those of its orders that were accepted before. Ends the asking.
  ports::Task<pipeline::PlacedBefore> placed_before();
  std::uint64_t valid_rows() const { return valid_; }
  std::uint64_t invalid() const { return invalid_; }
  std::uint64_t duplicates() const { return duplicates_; }
  std::uint64_t in_doubt() const { return in_doubt_; }
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::uint64_t unlisted() const { return unlisted_; }
  const OrderColumns& columns() const { return columns_; }

 private:
  void warn(std::uint64_t line, const text::Message& warning);
  void complain(std::string line);
  ports::Task<void> ask_earlier();

  pipeline::Planner::Size size_;
  const Earlier* earlier_;
  std::optional<pipeline::Planner> planner_;
  std::vector<std::string> not_asked_;  ///< orders of which it is still to be asked whether they were placed before
  std::size_t not_asked_bytes_ = 0;
  pipeline::PlacedBefore placed_before_;
  OrderColumns columns_;
  std::vector<std::string> complaints_;
  std::uint64_t requests_ = 0;
  std::uint64_t valid_ = 0;
  std::uint64_t invalid_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t in_doubt_ = 0;
  std::uint64_t unlisted_ = 0;
  std::uint64_t numbers_ = 0;
  bool chinese_ = false;
  bool json_ = false;
  std::unordered_map<std::uint64_t, std::uint64_t> lines_of_keys_;  ///< where each key came first
};

ports::Task<Result<void>> CheckSink::begin(const records::Format& format, const pipeline::OrderReading& reading) {
  *this = CheckSink(size_, *earlier_);
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

void CheckSink::valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
                      const pipeline::Element& element) {
  ++valid_;
  planner_->add(row, judged.order, {element.text.size(), element.hash});
  requests_ += planner_->take().size();
  not_asked_.emplace_back(element.text);
  not_asked_bytes_ += element.text.size();
  for (const auto& warning : judged.warnings) warn(line, warning);
  // Equal orders don't come here: it is another order on the same uid (modify: orderId).
  const auto [first, fresh] = lines_of_keys_.try_emplace(judged.order.key_hash(), line);
  if (fresh) return;
  const auto& service = orders::service(judged.order.service);
  warn(line, {text::Word::warn_same_key,
              {std::string(service.fields[service.key_field].name), text::shown(judged.order.key()),
               fmt::format("{} {}", json_ ? "order" : "line", first->second),
               fmt::format("第 {} {}", first->second, json_ ? "个订单" : "行")}});
}

void CheckSink::warn(std::uint64_t line, const text::Message& warning) {
  complain(fmt::format("{} {}: warning: {}", json_ ? "order" : "line", line,
                       text::say(chinese_ ? text::Lang::zh : text::Lang::en, warning)));
}

void CheckSink::settled(std::uint64_t line, const records::RowResult& result) {
  using enum records::Outcome;
  ++(result.outcome == duplicate ? duplicates_ : result.outcome == in_doubt ? in_doubt_ : invalid_);
  complain(fmt::format("{} {}: {}: {}", json_ ? "order" : "line", line, records::name(result.outcome), result.message));
}

ports::Task<void> CheckSink::ask_earlier() {
  not_asked_bytes_ = 0;
  auto placed = co_await earlier_->placed_before(std::exchange(not_asked_, {}));
  placed_before_.orders += placed.orders;
  if (!placed.last || placed_before_.last >= placed.last) co_return;
  placed_before_.last = placed.last;
  placed_before_.last_name = std::move(placed.last_name);
}

ports::Task<pipeline::PlacedBefore> CheckSink::placed_before() {
  co_await ask_earlier();
  co_return placed_before_;
}

ports::Task<Result<void>> CheckSink::breathe() {
  if (not_asked_bytes_ > kAskTogether) co_await ask_earlier();
  co_return Result<void>{};
}

std::uint64_t CheckSink::requests() {
  planner_->finish();
  requests_ += planner_->take().size();
  return requests_;
}

std::string duration_words(double seconds) {
  const auto s = static_cast<std::uint64_t>(std::ceil(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

std::string shape_words(const records::Format& format) {
  if (format.shape == records::Shape::json_array) return "JSON array";
  if (format.shape == records::Shape::json_lines) return "JSON Lines";
  if (format.shape == records::Shape::json_wrapped) return fmt::format("JSON with \"{}\"", text::shown(format.wrapper));
  const char* delimiter = format.delimiter == ','   ? "comma"
                          : format.delimiter == ';' ? "semicolon"
                          : format.delimiter == '|' ? "vertical bar"
                                                    : "tab";
  const char* ends = format.newline == "\r\n" ? "CRLF" : format.newline == "\r" ? "CR" : "LF";
  return fmt::format("delimited by {}, lines end in {}", delimiter, ends);
}

/// "1 row", "2 rows".
std::string counted(std::uint64_t n, std::string_view thing) {
  return fmt::format("{} {}{}", n, thing, n == 1 ? "" : "s");
}

void print_columns(const OrderColumns& columns) {
  std::uint64_t nameless = 0;
  for (const auto& column : columns) {
    if (!column.field.empty()) {
      fmt::print("  column {}: {}\n", column.spelled, column.field);
    } else if (column.spelled.empty()) {
      ++nameless;
    } else if (column.nearest.empty()) {
      fmt::print("  column {}: carried into the results, not sent\n", column.spelled);
    } else {
      fmt::print("  column {}: carried into the results, not sent; did you mean {}?\n", column.spelled, column.nearest);
    }
  }
  if (nameless > 0)
    fmt::print("  {} without a name: carried into the results, not sent\n", counted(nameless, "column"));
}

/// `seconds`: how long all `orders` take at this pace.
void print_activation(orders::ServiceId id, WallTime now, std::uint64_t orders, double seconds) {
  const auto fields = orders::service(id).fields;
  if (std::ranges::find(fields, orders::FieldKind::end_month, &orders::FieldSpec::kind) == fields.end()) return;
  fmt::print("  orders placed now become active on {} (00:00 UTC+8)\n", orders::to_string(orders::activation_day(now)));
  const auto deadline = orders::activation_deadline(now);
  const auto left = std::chrono::duration<double>(deadline - now).count();
  if (seconds < left) return fmt::print("  at this pace all are placed before 17:00 (UTC+8)\n");
  const auto in_time = static_cast<std::uint64_t>(static_cast<double>(orders) * left / seconds);
  fmt::print("  at this pace about {} of {} are placed before 17:00 (UTC+8); the others become active on {}\n", in_time,
             orders, orders::to_string(orders::activation_day(deadline)));
}

void print_summary(const pipeline::Surveyed& surveyed, CheckSink& sink, const config::Settings& settings,
                   WallTime now) {
  fmt::print("  {}: {} to send, {} invalid, {}{}\n", counted(surveyed.rows, "row"), sink.valid_rows(), sink.invalid(),
             counted(sink.duplicates(), "duplicate"),
             sink.in_doubt() > 0 ? fmt::format(", {} in doubt", sink.in_doubt()) : "");
  const auto requests = sink.requests();
  if (requests == 0) return fmt::print("  nothing would be sent\n");
  const auto rate = config::requests_a_second(settings);
  const auto seconds = static_cast<double>(requests) * kPaceShare / rate;
  fmt::print("  {} of up to {}: about {} at {:g} requests a second\n", counted(requests, "request"),
             counted(settings.batch.orders, "order"), duration_words(seconds), rate);
  print_activation(surveyed.service, now, sink.valid_rows(), seconds);
}

int would_be_rejected(std::string_view reason) {
  fmt::print("  would be rejected, nothing of it sent:\n");
  for (const auto line : std::views::split(reason, '\n'))
    fmt::print("    {}\n", std::string_view(line.begin(), line.end()));
  return kRejected;
}

ports::Task<int> check_file(std::string path, const config::Settings& settings, const Earlier& earlier,
                            ports::Clock& clock) {
  auto file = adapters::spool::open_plain_file(path);
  if (!file) {
    fmt::print("{}\n", file.error().words);
    co_return kRejected;
  }
  fmt::print("{}\n", text::shown(path, kShownPath));
  const auto identity = co_await (*file)->identity();
  if (identity && identity->size > settings.inbox.max_bytes) {
    co_return would_be_rejected(text::say_in_both(
        {text::Word::file_too_large, {fmt::to_string(identity->size), fmt::to_string(settings.inbox.max_bytes)}}));
  }
  if (const auto why = co_await earlier.why_not_again(**file)) co_return would_be_rejected(*why);
  CheckSink sink({.orders = settings.batch.orders, .bytes = settings.batch.bytes}, earlier);
  const auto now = clock.wall();
  const auto verdict = co_await pipeline::survey(**file, now, co_await earlier.doubts(), sink, clock,
                                                 {.max_rows = settings.guard.max_rows, .refuses_hopeless = true});
  if (!verdict) {
    fmt::print("  {}\n", verdict.error().words);
    co_return kRejected;
  }
  if (const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict)) {
    co_return would_be_rejected(rejected->reason);
  }
  const auto& surveyed = std::get<pipeline::Surveyed>(*verdict);
  fmt::print("  {} orders, {}{}, {}\n", orders::service(surveyed.service).name, text::name(surveyed.format.encoding),
             surveyed.format.bom ? " with BOM" : "", shape_words(surveyed.format));
  print_columns(sink.columns());
  auto warnings = surveyed.warnings;
  if (const auto placed = co_await sink.placed_before(); placed.orders > 0)
    warnings.push_back(pipeline::placed_before_message(placed));
  for (const text::Message& warning : warnings) {
    for (const auto line : std::views::split(text::say_in_both(warning), '\n'))
      fmt::print("  warning: {}\n", std::string_view(line.begin(), line.end()));
  }
  for (const auto& line : sink.complaints()) fmt::print("  {}\n", line);
  if (sink.unlisted() > 0) fmt::print("  … and {} more\n", counted(sink.unlisted(), "line"));
  print_summary(surveyed, sink, settings, now);
  const auto cap = settings.guard.max_orders_per_file;
  if (cap > 0 && sink.valid_rows() > cap) fmt::print("  would be held: guard.max_orders_per_file is {}\n", cap);
  co_return sink.invalid() + sink.in_doubt() > 0 ? kSomeInvalid : 0;
}

ports::Task<int> check_all(std::vector<std::string> files, const config::Settings& settings, ports::Clock& clock) {
  const Earlier earlier(settings, clock);
  if (!earlier.trouble().empty()) fmt::print("{}\n", earlier.trouble());
  int exit = 0;
  for (const auto& path : files) exit = std::max(exit, co_await check_file(path, settings, earlier, clock));
  co_return exit;
}

}  // namespace

int check(const CommandLine& command, const config::Settings& settings) {
  boost::asio::io_context io{1};
  auto clock = adapters::clock::system_clock(io.get_executor());
  if (!clock) {
    fmt::print(stderr, "{}\n", clock.error().words);
    return kExitConfig;
  }
  return finish(io, check_all(command.files, settings, **clock));
}

}  // namespace sluice::app
