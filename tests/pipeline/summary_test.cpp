#include <gtest/gtest.h>
#include <boost/json.hpp>

#include "fake_clock.hpp"
#include "pipeline/finish.hpp"
#include "samples.hpp"

namespace sluice::pipeline {
namespace {

namespace json = boost::json;
using records::Outcome;

ports::JobHeader done() {
  ports::JobHeader job{
      .id = kJob, .name = "orders.csv", .service = orders::ServiceId::create, .rows = 6, .requests = 2, .exit = 1};
  job.counts[Outcome::accepted] = 5;
  job.counts[Outcome::in_doubt] = 1;
  job.started_at = kNoon;
  return job;
}

json::object parsed(const ports::JobHeader& job) {
  return json::parse(summary(job)).as_object();
}

TEST(Summary, IsJsonWithWhatAScriptAsksFor) {
  const auto object = parsed(done());
  EXPECT_EQ(object.at("job"), "20240115-3");
  EXPECT_EQ(object.at("name"), "orders.csv");
  EXPECT_EQ(object.at("service"), "create");
  EXPECT_EQ(object.at("rows"), 6);
  EXPECT_EQ(object.at("requests"), 2);
  EXPECT_EQ(object.at("exit"), 1);
  EXPECT_EQ(object.at("started"), "2024-01-15T04:00:00.000Z");
  EXPECT_TRUE(object.at("finished").is_null());
}

TEST(Summary, CountsEveryResultAndTheyAddUpToTheRows) {
  const auto counts = parsed(done()).at("counts").as_object();
  EXPECT_EQ(counts.size(), records::kOutcomes - 1);
  std::int64_t sum = 0;
  for (const auto& [name, count] : counts) sum += count.as_int64();
  EXPECT_EQ(sum, 6);
  EXPECT_EQ(counts.at("accepted"), 5);
  EXPECT_EQ(counts.at("in_doubt"), 1);
  EXPECT_EQ(counts.at("refused"), 0);
}

TEST(Summary, ANameComesBackAsItWasHoweverOdd) {
  for (const std::string name : {"say \"hi\"\\.csv", "a\nb\tc.csv", "订单 一月.csv", "\x7f\x01.csv"}) {
    auto job = done();
    job.name = name;
    EXPECT_EQ(parsed(job).at("name").as_string(), name);
  }
}

TEST(Summary, ANameThatIsNoUtf8IsShownByItsBytes) {
  auto job = done();
  job.name = "\xc1\xaa.csv";
  EXPECT_EQ(parsed(job).at("name"), "\\xC1\\xAA.csv");
}

TEST(Summary, TheSameJobHasTheSameSummary) {
  EXPECT_EQ(summary(done()), summary(done()));
}

}  // namespace
}  // namespace sluice::pipeline
