#include "sandbox/options.hpp"

#include <gtest/gtest.h>

namespace sluice::sandbox {
namespace {

Parsed parse(std::vector<const char*> words) {
  words.insert(words.begin(), "sluice-sandbox");
  return parse_options(static_cast<int>(words.size()), words.data());
}

TEST(SandboxOptions, DefaultToTheDocumentedLimit) {
  const auto options = parse({}).options.value();
  EXPECT_EQ(options.rate, 10U);
  EXPECT_TRUE(options.rules.overlap_guard);
  EXPECT_EQ(options.status_as, StatusAs::integer);
}

TEST(SandboxOptions, AreRead) {
  const auto options = parse({"--rate",
                              "0",
                              "--latency",
                              "20ms",
                              "--stall",
                              "200ms",
                              "--stall-every",
                              "5s",
                              "--no-overlap-guard",
                              "--fault",
                              "502:0.1",
                              "--fault",
                              "hang@3",
                              "--known-order",
                              "17872308245801546:94:70",
                              "--status-as",
                              "string",
                              "--now",
                              "2024-01-17T16:59:30+08:00",
                              "--frozen"})
                           .options.value();
  EXPECT_EQ(options.rate, 0U);
  EXPECT_EQ(options.latency, std::chrono::milliseconds(20));
  EXPECT_FALSE(options.rules.overlap_guard);
  EXPECT_EQ(options.stall, std::chrono::milliseconds(200));
  EXPECT_EQ(options.stall_every, std::chrono::seconds(5));
  EXPECT_EQ(options.faults.size(), 2U);
  EXPECT_EQ(options.known_orders.at(0).douyin_id, "70");
  EXPECT_EQ(options.status_as, StatusAs::string);
  EXPECT_EQ(options.now, parse_instant("2024-01-17T16:59:30+08:00"));
  EXPECT_TRUE(options.frozen);
}

TEST(SandboxOptions, ThatMakeNoSenseEndIn64) {
  for (const std::vector<const char*>& words :
       std::vector<std::vector<const char*>>{{"--nonsense"},
                                             {"--fault", "fire"},
                                             {"--latency", "20"},
                                             {"--known-order", "17"},
                                             {"--now", "today"},
                                             {"--port", "70000"},
                                             {"--status-as", "float"},
                                             {"--authorization", "x", "--authorization-file", "y"}}) {
    const Parsed parsed = parse(words);
    EXPECT_FALSE(parsed.options) << words[0];
    EXPECT_EQ(parsed.exit_code, 64) << words[0];
  }
}

TEST(SandboxOptions, ExplainThemselves) {
  const Parsed parsed = parse({"--help"});
  EXPECT_FALSE(parsed.options);
  EXPECT_EQ(parsed.exit_code, 0);
}

}  // namespace
}  // namespace sluice::sandbox
