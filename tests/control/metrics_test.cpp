#include "sluice/control/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

namespace sluice::control {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr WallTime kNoon{std::chrono::sys_days{std::chrono::year{2024} / 1 / 15} + 12h};

pipeline::Status busy() {
  pipeline::Status status{.at = kNoon, .rate = 10, .in_flight = 2};
  pipeline::JobStatus job{.id = {.day = 20240115, .n = 3}, .name = "secret customers.csv", .rows = 10, .unsettled = 4};
  job.eta = kNoon + 30s;
  status.jobs = {job};
  auto& meters = status.meters;
  meters.requests.answers[static_cast<std::size_t>(orders::AnswerClass::answered)] = 7;
  meters.requests.took.add(30ms);
  meters.requests.took.add(31ms);
  meters.requests.took.add(200s);
  meters.ledger.settled[records::Outcome::refused] = 5;
  meters.ledger.other_starts = 3;
  return status;
}

TEST(MetricsText, RequestsOrdersAndTheLineAreCountedByFixedWords) {
  const auto text = metrics_text(busy());
  EXPECT_THAT(text, HasSubstr("sluice_requests_total{class=\"answered\"} 7\n"));
  EXPECT_THAT(text, HasSubstr("sluice_requests_total{class=\"throttled\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("sluice_orders_total{result=\"refused\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("sluice_other_starts_total 3\n"));
  EXPECT_THAT(text, HasSubstr("sluice_requests_in_flight 2\n"));
  EXPECT_THAT(text, HasSubstr("sluice_orders_unsettled 4\n"));
  EXPECT_THAT(text, HasSubstr("sluice_eta_seconds 30\n"));
  EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(MetricsText, EachBucketHoldsThoseBelowItToo) {
  const auto text = metrics_text(busy());
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_bucket{le=\"0.025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_bucket{le=\"0.05\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_bucket{le=\"70\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_bucket{le=\"+Inf\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("sluice_request_duration_seconds_count 3\n"));
}

TEST(MetricsText, APauseIsOneAtItsReasonAlone) {
  auto status = busy();
  status.pause = pipeline::Pause::authorization;
  const auto text = metrics_text(status);
  EXPECT_THAT(text, HasSubstr("sluice_paused{reason=\"authorization\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("sluice_paused{reason=\"outage\"} 0\n"));
}

TEST(MetricsText, AHostIsSilentWhenItsJobsWaitForIt) {
  auto status = busy();
  status.hosts = {{.name = "here", .ours = true, .alive = true, .jobs = 1},
                  {.name = "works", .alive = true, .jobs = 2},
                  {.name = "died", .jobs = 1},
                  {.name = "left"}};
  EXPECT_THAT(metrics_text(status), HasSubstr("sluice_hosts_silent 1\n"));
}

TEST(MetricsText, EachMetricIsHelpedTypedAndThereOnce) {
  std::istringstream lines(metrics_text(busy()));
  std::set<std::string> typed;
  std::set<std::string> samples;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string first;
    std::string kind;
    std::string name;
    words >> first >> kind >> name;
    if (first == "#" && kind == "TYPE") EXPECT_TRUE(typed.insert(name).second) << name;
    if (first == "#") continue;
    EXPECT_TRUE(samples.insert(first).second) << first;
    auto family = first.substr(0, first.find('{'));
    for (const std::string_view part : {"_bucket", "_sum", "_count"}) {
      if (family.starts_with("sluice_request_duration") && family.ends_with(part))
        family.resize(family.size() - part.size());
    }
    EXPECT_TRUE(typed.contains(family)) << first;
  }
  EXPECT_GT(samples.size(), 50U);
}

/// What is promised to operators is what is served (docs/operations.md, Metrics).
TEST(MetricsText, TheManualNamesEveryMetricAndNoOther) {
  std::ifstream file(SLUICE_SOURCE_DIR "/docs/operations.md");
  const std::string manual((std::istreambuf_iterator<char>(file)), {});
  std::istringstream lines(metrics_text(busy()));
  std::set<std::string> served;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# TYPE ")) served.insert(line.substr(7, line.find(' ', 7) - 7));
  }
  std::set<std::string> told;
  for (std::size_t at = 0; (at = manual.find("| `sluice_", at)) != std::string::npos; ++at) {
    told.insert(manual.substr(at + 3, manual.find('`', at + 3) - at - 3));
  }
  EXPECT_EQ(served, told);
}

TEST(MetricsText, PrometheusOwnCheckIsContent) {
  if (std::system("command -v promtool >/dev/null 2>&1") != 0) GTEST_SKIP() << "no promtool here";
  FILE* promtool = ::popen("promtool check metrics", "w");
  ASSERT_NE(promtool, nullptr);
  const auto text = metrics_text(busy());
  std::fwrite(text.data(), 1, text.size(), promtool);
  EXPECT_EQ(::pclose(promtool), 0);
}

}  // namespace
}  // namespace sluice::control
