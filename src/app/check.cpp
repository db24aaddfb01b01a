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
#include "language.hpp"
#include "machine.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/ledger/ledger.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/control/views.hpp"
#include "sluice/pipeline/planner.hpp"
#include "sluice/pipeline/survey.hpp"
#include "sluice/text/normal.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/check.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;
using text::Lang;

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
  CheckSink(pipeline::Planner::Size size, const Earlier& earlier, Lang language)
      : size_(size), earlier_(&earlier), language_(language) {}

  ports::Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged, std::uint64_t mark) override;
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

  std::string place(std::uint64_t line) const { return json_ ? words::order_number(line) : words::line_number(line); }

  pipeline::Planner::Size size_;
  const Earlier* earlier_;
  Lang language_;
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
  bool json_ = false;
  std::unordered_map<std::uint64_t, std::uint64_t> lines_of_keys_;  ///< where each key came first
};

ports::Task<Result<void>> CheckSink::begin(const records::Format& format, const pipeline::OrderReading& reading) {
  *this = CheckSink(size_, *earlier_, language_);
  planner_.emplace(JobId{}, size_, [this] { return BatchId{++numbers_}; });
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
                      std::uint64_t mark) {
  ++valid_;
  planner_->add(row, judged.order, mark);
  requests_ += planner_->take().size();
  if (earlier_->may_know_orders()) {
    not_asked_.emplace_back(judged.order.element());
    not_asked_bytes_ += judged.order.element().size();
  }
  for (const auto& warning : judged.warnings) warn(line, warning);
  // Equal orders don't come here: it is another order on the same uid (modify: orderId).
  const auto [first, fresh] = lines_of_keys_.try_emplace(judged.order.key_hash(), line);
  if (fresh) return;
  const auto& service = orders::service(judged.order.service());
  warn(line, {text::Word::warn_same_key,
              {std::string(service.fields[service.key_field].name), text::shown(judged.order.key()),
               text::in(Lang::en, place(first->second)), text::in(Lang::zh, place(first->second))}});
}

void CheckSink::warn(std::uint64_t line, const text::Message& warning) {
  complain(words::row_warning(place(line), text::say(language_, warning)));
}

void CheckSink::settled(std::uint64_t line, const records::RowResult& result) {
  using enum records::Outcome;
  ++(result.outcome == duplicate ? duplicates_ : result.outcome == in_doubt ? in_doubt_ : invalid_);
  complain(words::complaint(place(line), control::outcome_words(result.outcome), result.message));
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

std::string shape_words(const records::Format& format) {
  if (format.shape == records::Shape::json_array) return words::json_array();
  if (format.shape == records::Shape::json_lines) return words::json_lines();
  if (format.shape == records::Shape::json_wrapped) return words::json_wrapped(text::shown(format.wrapper));
  const auto& delimiter = format.delimiter == ','   ? words::by_comma
                          : format.delimiter == ';' ? words::by_semicolon
                          : format.delimiter == '|' ? words::by_bar
                                                    : words::by_tab;
  const char* ends = format.newline == "\r\n" ? "CRLF" : format.newline == "\r" ? "CR" : "LF";
  return words::delimited(delimiter(), ends);
}

/// A line of what is said about a file, below its name.
void print(Lang language, std::string_view said) {
  tell(stdout, language, "  " + std::string(said));
}

void print_columns(Lang language, const OrderColumns& columns) {
  std::uint64_t nameless = 0;
  for (const auto& column : columns) {
    if (!column.field.empty()) {
      print(language, words::column_is(column.spelled, column.field));
    } else if (column.spelled.empty()) {
      ++nameless;
    } else if (column.nearest.empty()) {
      print(language, words::column_carried(column.spelled));
    } else {
      print(language, words::column_perhaps(column.spelled, column.nearest));
    }
  }
  if (nameless > 0) print(language, words::columns_nameless(nameless));
}

/// `seconds`: how long all `orders` take at this pace.
void print_activation(Lang language, orders::ServiceId id, WallTime now, std::uint64_t orders, double seconds) {
  const auto fields = orders::service(id).fields;
  if (std::ranges::find(fields, orders::FieldKind::end_month, &orders::FieldSpec::kind) == fields.end()) return;
  print(language, words::active_on(orders::to_string(orders::activation_day(now))));
  const auto deadline = orders::activation_deadline(now);
  const auto left = std::chrono::duration<double>(deadline - now).count();
  if (seconds < left) return print(language, words::all_in_time());
  const auto in_time = static_cast<std::uint64_t>(static_cast<double>(orders) * left / seconds);
  print(language, words::some_in_time(in_time, orders, orders::to_string(orders::activation_day(deadline))));
}

void print_summary(Lang language, const pipeline::Surveyed& surveyed, CheckSink& sink, const config::Settings& settings,
                   WallTime now) {
  print(language, words::rows_come_to(surveyed.rows, sink.valid_rows(), sink.invalid(), sink.duplicates(),
                                      sink.in_doubt() > 0 ? words::and_in_doubt(sink.in_doubt()) : ""));
  const auto requests = sink.requests();
  if (requests == 0) return print(language, words::nothing_would_be_sent());
  const auto rate = config::requests_a_second(settings);
  const auto seconds = static_cast<double>(requests) * kPaceShare / rate;
  const auto takes = std::chrono::ceil<Nanos>(std::chrono::duration<double>(seconds));
  print(language,
        words::requests_take(requests, settings.batch.orders, text::duration_words(takes), fmt::format("{:g}", rate)));
  print_activation(language, surveyed.service, now, sink.valid_rows(), seconds);
}

int would_be_rejected(Lang language, std::string_view reason) {
  print(language, words::would_be_rejected());
  print(language, "  " + std::string(reason));
  return kRejected;
}

ports::Task<int> check_file(std::string path, Lang language, const config::Settings& settings, const Earlier& earlier,
                            ports::Clock& clock) {
  auto file = adapters::spool::open_plain_file(path);
  if (!file) {
    tell(stdout, language, file.error().words);
    co_return kRejected;
  }
  fmt::print("{}\n", text::shown(path, kShownPath));
  const auto identity = co_await (*file)->identity();
  if (identity && identity->size > settings.inbox.max_bytes) {
    co_return would_be_rejected(
        language, text::both({text::Word::file_too_large,
                              {text::size_words(identity->size), text::size_words(settings.inbox.max_bytes)}}));
  }
  if (const auto why = co_await earlier.why_not_again(**file)) co_return would_be_rejected(language, *why);
  CheckSink sink({.orders = settings.batch.orders, .bytes = settings.batch.bytes}, earlier, language);
  const auto now = clock.wall();
  const auto verdict =
      co_await pipeline::survey(**file, now, co_await earlier.doubts(), sink, clock,
                                {.max_rows = settings.guard.max_rows, .lang = language, .refuses_hopeless = true});
  if (!verdict) {
    print(language, verdict.error().words);
    co_return kRejected;
  }
  if (const auto* rejected = std::get_if<pipeline::Rejected>(&*verdict)) {
    co_return would_be_rejected(language, rejected->reason);
  }
  const auto& surveyed = std::get<pipeline::Surveyed>(*verdict);
  print(language, words::understood(orders::service(surveyed.service).name, text::name(surveyed.format.encoding),
                                    surveyed.format.bom ? words::with_bom() : "", shape_words(surveyed.format)));
  print_columns(language, sink.columns());
  auto warnings = surveyed.warnings;
  if (const auto placed = co_await sink.placed_before(); placed.orders > 0)
    warnings.push_back(pipeline::placed_before_message(placed));
  for (const text::Message& warning : warnings) print(language, words::file_warning(text::both(warning)));
  for (const auto& line : sink.complaints()) print(language, line);
  if (sink.unlisted() > 0) print(language, words::lines_unlisted(sink.unlisted()));
  print_summary(language, surveyed, sink, settings, now);
  const auto cap = settings.guard.max_orders_per_file;
  if (cap > 0 && sink.valid_rows() > cap) print(language, words::would_be_held(cap));
  co_return sink.invalid() + sink.in_doubt() > 0 ? kSomeInvalid : 0;
}

ports::Task<int> check_all(std::vector<std::string> files, Lang language, const config::Settings& settings,
                           ports::Clock& clock) {
  const Earlier earlier(settings, clock);
  if (!earlier.trouble().empty()) tell(stdout, language, earlier.trouble());
  int exit = 0;
  for (const auto& path : files) exit = std::max(exit, co_await check_file(path, language, settings, earlier, clock));
  co_return exit;
}

}  // namespace

int check(const CommandLine& command, const config::Settings& settings) {
  boost::asio::io_context io{1};
  auto clock = adapters::clock::system_clock(io.get_executor());
  if (!clock) {
    tell(stderr, command.language, clock.error().words);
    return kExitConfig;
  }
  return finish(io, check_all(command.files, command.language, settings, **clock));
}

}  // namespace sluice::app
