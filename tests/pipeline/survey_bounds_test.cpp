// What a file may cost: reads, time without a breath, rows, and bytes out for bytes in.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_clock.hpp"
#include "memory_file.hpp"
#include "samples.hpp"
#include "sluice/pipeline/survey.hpp"

namespace sluice::pipeline {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const std::string kHeader = "douyinId,source,uid,endMonthTime,isRenew\n";

std::string row(std::uint64_t uid, std::string_view end = "2031-12") {
  return fmt::format("abc,联通,{},{},false\n", uid, end);
}

/// Counts, and notes how long it is left without a breath.
class Breathing final : public SurveySink {
 public:
  explicit Breathing(ports::Clock& clock) : clock_(clock) {}
  ports::Task<Result<void>> begin(const records::Format&, const OrderReading&) override {
    valid_rows = settled_rows = message_bytes = 0;
    last_ = clock_.now();
    co_return Result<void>{};
  }
  void valid(const records::RowRef&, std::uint64_t, const orders::Judged&, const OrderHashes&) override {
    ++valid_rows;
  }
  void settled(std::uint64_t, const records::RowResult& result) override {
    ++settled_rows;
    message_bytes += result.message.size();
  }
  ports::Task<Result<void>> breathe() override {
    longest = std::max<Nanos>(longest, clock_.now() - last_);
    last_ = clock_.now();
    if (called_off) co_return fail(ErrorKind::cancelled, "called off");
    co_return Result<void>{};
  }

  std::uint64_t valid_rows = 0, settled_rows = 0, message_bytes = 0;
  Nanos longest{0};
  bool called_off = false;

 private:
  ports::Clock& clock_;
  Boottime last_{};
};

class SurveyBounds : public testing::Test {
 protected:
  Result<std::variant<Surveyed, Rejected>> look(MemoryFile& file, SurveyLimits limits = {.refuses_hopeless = true}) {
    return clock.run(survey(file, kNoon, {}, sink, clock, limits));
  }
  /// English; empty: taken.
  std::string rejected(const std::string& bytes, SurveyLimits limits = {.refuses_hopeless = true}) {
    MemoryFile file(bytes);
    const auto verdict = look(file, limits).value();
    const auto* why = std::get_if<Rejected>(&verdict);
    return why == nullptr ? "" : why->reason.substr(0, why->reason.find('\n'));
  }
  FakeClock clock;
  Breathing sink{clock};
};

TEST_F(SurveyBounds, AFileWhoseSecondHalfRepeatsTheFirstIsReadByBlocksNotRowByRow) {
  std::string half;
  for (std::uint64_t uid = 1; uid <= 4000; ++uid) half += row(uid);
  MemoryFile once(kHeader + half);
  MemoryFile twice(kHeader + half + half);
  ASSERT_TRUE(look(once));
  ASSERT_TRUE(look(twice));
  EXPECT_EQ(sink.settled_rows, 4000);
  EXPECT_LE(twice.reads, 3 * once.reads + 8) << once.reads;
}

TEST_F(SurveyBounds, ASlowDiskLeavesNobodyWaitingAndACallToStopIsHeardWithinATenthOfASecond) {
  std::string bytes = kHeader;
  for (std::uint64_t n = 0; n < 3000; ++n) bytes += row(1 + n % 1500);
  bytes += std::string(300'000, '\n');
  MemoryFile file(bytes);
  file.slow = [this]() -> ports::Task<void> {
    const auto timer = clock.timer();
    co_await timer->wait(clock.now() + 50ms);
  };
  ASSERT_TRUE(look(file));
  EXPECT_GE(file.reads, 4);
  EXPECT_LE(sink.longest, 100ms);
  sink.called_off = true;
  const auto begun = clock.now();
  const auto verdict = look(file);
  ASSERT_FALSE(verdict);
  EXPECT_EQ(verdict.error().kind, ErrorKind::cancelled);
  EXPECT_LE(clock.now() - begun, 200ms);
}

TEST_F(SurveyBounds, MoreRowsThanTheSettingAllowsAreRejectedWholeAndReadNoFurther) {
  std::string bytes = kHeader;
  for (std::uint64_t uid = 1; uid <= 2001; ++uid) bytes += row(uid);
  EXPECT_THAT(rejected(bytes, {.max_rows = 2000}), HasSubstr("more than 2000 rows"));
  EXPECT_EQ(rejected(bytes, {.max_rows = 2001}), "");
  EXPECT_EQ(rejected(bytes, {}), "") << "no limit where none is asked for";
}

TEST_F(SurveyBounds, OfMoreThanAThousandRowsNinetyNinePercentBadForOneReasonRejectTheFile) {
  std::string bytes = kHeader;
  for (int n = 0; n < 990; ++n) bytes += row(1, "2001-01");
  for (std::uint64_t uid = 1; uid <= 10; ++uid) bytes += row(uid);
  EXPECT_EQ(rejected(bytes), "") << "a thousand";
  for (int n = 0; n < 99; ++n) bytes += row(1, "2001-01");
  bytes += row(11);
  const auto why = rejected(bytes);
  EXPECT_THAT(why, HasSubstr("1089 of 1100 rows are invalid for one reason"));
  EXPECT_THAT(why, HasSubstr("The first is line 2: "));
  EXPECT_THAT(why, HasSubstr("2001-01"));
  bytes += row(12);
  EXPECT_EQ(rejected(bytes), "") << "less than 99 of a hundred";
  EXPECT_EQ(rejected(bytes.substr(0, bytes.size() - row(12).size()), {}), "")
      << "what was accepted once is not judged so";
}

TEST_F(SurveyBounds, RowsOfOneCharacterNeverBecomeAFlood) {
  for (const std::string line : {"x\n", "x\n,,1\n", "x\n\"\n\"\n,,,,x\n"}) {
    std::string bytes = kHeader;
    while (bytes.size() < 2'000'000) bytes += line;
    EXPECT_FALSE(rejected(bytes).empty()) << line;
    EXPECT_LE(sink.message_bytes + 60 * sink.settled_rows, 10 * bytes.size()) << "what the ledger was told until then";
  }
}

TEST_F(SurveyBounds, WhatIsTakenSaysWhatItsOutputsWillNeed) {
  std::string bytes = kHeader;
  for (std::uint64_t uid = 1; uid <= 100; ++uid) bytes += row(uid);
  MemoryFile file(bytes);
  const auto surveyed = std::get<Surveyed>(look(file).value());
  EXPECT_GT(surveyed.output_bytes, bytes.size());
  EXPECT_LT(surveyed.output_bytes, 10 * bytes.size());
}

}  // namespace
}  // namespace sluice::pipeline
