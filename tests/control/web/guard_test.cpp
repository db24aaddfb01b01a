#include "web/guard.hpp"

#include <gtest/gtest.h>

#include "web/query.hpp"
#include "web/upload_desk.hpp"

namespace sluice::control::web {
namespace {

const Entrance kPort{.address = "127.0.0.1", .port = 8680};
const Entrance kSocket{};
const Entrance kProxy{.proxy_is_known = true};

TEST(Guard, OnAPortOnlyLoopbacksOwnNamesWithThatPortAreOurs) {
  for (const auto* host : {"localhost:8680", "127.0.0.1:8680", "[::1]:8680"}) EXPECT_TRUE(is_our_host(host, kPort));
  for (const auto* host : {"", "localhost", "127.0.0.1:80", "evil.example:8680", "localhost.evil.example:8680",
                           "127.0.0.1:8680@evil.example", "127.0.0.1:86800", "[::1]"}) {
    EXPECT_FALSE(is_our_host(host, kPort)) << host;
  }
  EXPECT_TRUE(is_our_host("127.0.0.5:8680", {.address = "127.0.0.5", .port = 8680}));
  EXPECT_TRUE(is_our_host("localhost", {.address = "127.0.0.1", .port = 80}));
}

TEST(Guard, OnASocketATunnelsEndIsOursAndBehindAKnownProxyItsNames) {
  EXPECT_TRUE(is_our_host("localhost:9999", kSocket));
  EXPECT_FALSE(is_our_host("evil.example:9999", kSocket));
  EXPECT_TRUE(is_our_host("orders.example", kProxy));
  EXPECT_FALSE(is_our_host("", kProxy));
}

TEST(Guard, AnOriginIsTheHostThatWasAskedFor) {
  EXPECT_TRUE(is_our_origin("http://localhost:8680", "localhost:8680", kPort));
  for (const auto* origin : {"", "null", "http://evil.example", "https://localhost:8680", "http://127.0.0.1:8680"})
    EXPECT_FALSE(is_our_origin(origin, "localhost:8680", kPort)) << origin;
  EXPECT_TRUE(is_our_origin("https://orders.example", "orders.example", kProxy));
  EXPECT_FALSE(is_our_origin("https://evil.example", "orders.example", kProxy));
}

TEST(Guard, ACookieIsFoundByItsWholeNameAndCountsOnlyOnce) {
  EXPECT_EQ(cookie_named("sluice-8680", "a=b; sluice-8680=x; sluice-86801=y"), "x");
  EXPECT_FALSE(cookie_named("sluice-8680", "xsluice-8680=x"));
  EXPECT_FALSE(cookie_named("sluice-8680", "sluice-8680=x; sluice-8680=y"));
  EXPECT_FALSE(cookie_named("sluice-8680", ""));
  EXPECT_EQ(cookie_name(kPort), "sluice-8680");
}

TEST(Query, IsDecodedAndWhatIsNoCodeStays) {
  EXPECT_EQ(query_parameter("a=1&name=%E8%AE%A2+b.csv", "name"), "\xE8\xAE\xA2 b.csv");
  EXPECT_EQ(query_parameter("name", "name"), "");
  EXPECT_EQ(query_parameter("", "name"), "");
  EXPECT_EQ(decoded("%", Plus::is_plus), "%");
  EXPECT_EQ(decoded("%4", Plus::is_plus), "%4");
  EXPECT_EQ(decoded("%zz+%41", Plus::is_plus), "%zz+A");
}

TEST(UploadName, LeadsNowhereForgesNothingAndIsNotLeftAlone) {
  for (const auto* name : {"orders.csv", "\xE8\xAE\xA2 b.csv", "a (2).csv"}) EXPECT_EQ(why_no_name(name), "") << name;
  for (const auto* name : {"", ".", "..", "a/b.csv", "../a.csv", ".hidden", "a\nb.csv", "a\x1b[2J", "\xff.csv"})
    EXPECT_NE(why_no_name(name), "") << name;
}

}  // namespace
}  // namespace sluice::control::web
