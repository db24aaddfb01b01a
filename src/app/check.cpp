// `check FILE…`: what was understood, what is wrong, what it would take. Sends nothing, writes nothing.
#include <fmt/format.h>
#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "command_line.hpp"
#include "earlier.hpp"
#include "finish_task.hpp"
#include "language.hpp"
#include "machine.hpp"
#include "sluice/adapters/clock/system_clock.hpp"
#include "sluice/adapters/spool/plain_file.hpp"
#include "sluice/control/check_view.hpp"
#include "sluice/control/views.hpp"
#include "sluice/orders/dates.hpp"
#include "sluice/pipeline/check_report.hpp"
#include "sluice/text/shown.hpp"
#include "sluice/text/words/check.hpp"

namespace sluice::app {

namespace {

namespace words = text::words;
using pipeline::CheckReport;
using text::Lang;

constexpr std::size_t kShownPath = 4096;
constexpr int kSomeInvalid = 1;
constexpr int kRejected = 2;

/// A line of what is said about a file, below its name.
void print(Lang language, std::string_view said) {
  tell(stdout, language, "  " + std::string(said));
}

void print_columns(Lang language, const std::vector<CheckReport::Column>& columns) {
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

void print_complaints(Lang language, const CheckReport& report) {
  for (const auto& one : report.complaints) {
    const auto place = report.lines() ? words::line_number(one.line) : words::order_number(one.line);
    print(language, one.outcome ? words::complaint(place, control::outcome_words(*one.outcome), one.message)
                                : words::row_warning(place, one.message));
  }
  if (report.unlisted > 0) print(language, words::lines_unlisted(report.unlisted));
}

void print_activation(Lang language, const CheckReport& report) {
  if (!report.activation) return;
  const auto& active = *report.activation;
  print(language, words::active_on(orders::to_string(active.day)));
  if (active.in_time == report.to_send) return print(language, words::all_in_time());
  print(language, words::some_in_time(active.in_time, report.to_send, orders::to_string(active.day_after)));
}

void print_summary(Lang language, const CheckReport& report, const config::Settings& settings) {
  print(language, words::rows_come_to(report.rows, report.to_send, report.invalid, report.duplicates,
                                      report.in_doubt > 0 ? words::and_in_doubt(report.in_doubt) : ""));
  if (report.requests == 0) return print(language, words::nothing_would_be_sent());
  const auto takes = std::chrono::ceil<Nanos>(std::chrono::duration<double>(report.seconds));
  print(language, words::requests_take(report.requests, settings.batch.orders, text::duration_words(takes),
                                       fmt::format("{:g}", config::requests_a_second(settings))));
  print_activation(language, report);
}

ports::Task<int> check_file(std::string path, Lang language, const config::Settings& settings, const Earlier& earlier,
                            ports::Clock& clock) {
  auto file = adapters::spool::open_plain_file(path);
  if (!file) {
    tell(stdout, language, file.error().words);
    co_return kRejected;
  }
  fmt::print("{}\n", text::shown(path, kShownPath));
  const auto report = co_await pipeline::check(**file, settings, earlier, clock, language);
  if (!report) {
    print(language, report.error().words);
    co_return kRejected;
  }
  if (!report->rejected.empty()) {
    print(language, words::would_be_rejected());
    print(language, "  " + report->rejected);
    co_return kRejected;
  }
  const auto& format = report->format;
  print(language, words::understood(orders::service(report->service).name, text::name(format.encoding),
                                    format.bom ? words::with_bom() : "", control::shape_words(format)));
  print_columns(language, report->columns);
  for (const text::Message& warning : report->warnings) print(language, words::file_warning(text::both(warning)));
  print_complaints(language, *report);
  print_summary(language, *report, settings);
  if (report->held_by_cap) print(language, words::would_be_held(settings.guard.max_orders_per_file));
  co_return report->invalid + report->in_doubt > 0 ? kSomeInvalid : 0;
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
