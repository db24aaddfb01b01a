#include <gtest/gtest.h>

#include "config/loading.hpp"

namespace sluice::config::testing {
namespace {

std::string with(const std::string& url) {
  return "upstream:\n  base_url: \"" + url + "\"\n  authorization: {env: AUTHORIZATION}\n";
}

TEST(BaseUrl, GainsItsTrailingSlash) {
  EXPECT_EQ(sound(with("https://api.example")).upstream.base_url, "https://api.example/");
  EXPECT_EQ(sound(with("https://api.example/prod-api")).upstream.base_url, "https://api.example/prod-api/");
  EXPECT_EQ(sound(with("https://api.example/prod-api/")).upstream.base_url, "https://api.example/prod-api/");
}

TEST(BaseUrl, IsKeptInOneSpelling) {
  EXPECT_EQ(sound(with("HTTPS://Api.Example:8443/Prod-Api/")).upstream.base_url, "https://api.example:8443/Prod-Api/");
  EXPECT_EQ(sound(with("https://[2001:DB8::1]:443")).upstream.base_url, "https://[2001:db8::1]:443/");
}

TEST(BaseUrl, MayNameAHostThatBeginsWithAnAddress) {
  EXPECT_EQ(sound(with("https://10.0.0.1.api.example:8443")).upstream.base_url, "https://10.0.0.1.api.example:8443/");
}

TEST(BaseUrl, MayBePlainHttpOnLoopbackOnly) {
  for (const char* host : {"127.0.0.1", "127.8.9.10:8080", "[::1]:80", "localhost", "LOCALHOST:1"}) {
    EXPECT_NE(sound(with(std::string("http://") + host)).upstream.base_url, "") << host;
  }
  for (const char* host : {"api.example", "10.0.0.1", "127.0.0.1.example", "localhost.example", "[::2]", "0.0.0.0",
                           "127.1", "112.0.0.1", "126.255.255.254", "128.0.0.1", "[::ffff:10.0.0.1]"}) {
    EXPECT_EQ(
        refusal(with(std::string("http://") + host)),
        "s.yaml:2:13: upstream.base_url: expected https://: plain http sends the authorization readable, so it is "
        "taken for loopback only (127.0.0.0/8, [::1], localhost)")
        << host;
  }
}

struct Refused {
  std::string url;
  std::string words;
};
class EveryBrokenUrl : public ::testing::TestWithParam<Refused> {};
TEST_P(EveryBrokenUrl, IsRefused) {
  EXPECT_EQ(refusal(with(GetParam().url)), "s.yaml:2:13: upstream.base_url: expected " + GetParam().words);
}

const std::string kHost = "a host name (ASCII; xn--... for others), an IPv4 address or an [IPv6] address after ://";
INSTANTIATE_TEST_SUITE_P(
    Urls, EveryBrokenUrl,
    ::testing::Values(
        Refused{"", "an address that begins with https://"},
        Refused{"api.example", "an address that begins with https://"},
        Refused{"ftp://api.example", "an address that begins with https://"}, Refused{"https://", kHost},
        Refused{"https:///x", kHost}, Refused{"https://:443", kHost}, Refused{"https://-a/", kHost},
        Refused{"https://a..b/", kHost}, Refused{"https://a b/", kHost}, Refused{"https://[::1", kHost},
        Refused{"https://[1]/", kHost}, Refused{"https://[::1]x/", kHost}, Refused{"https://中文/", kHost},
        Refused{"https://…/prod-api/", kHost}, Refused{"https://a:0/", "a port from 1 to 65535 after the host"},
        Refused{"https://a:65536/", "a port from 1 to 65535 after the host"},
        Refused{"https://a:/", "a port from 1 to 65535 after the host"},
        Refused{"https://a/b c", "a path of plain URL characters (others as %XX), without . or .. in it"},
        Refused{"https://a/../b", "a path of plain URL characters (others as %XX), without . or .. in it"},
        Refused{"https://a/\\r\\nX: y", "no control characters"},
        Refused{"https://u@a/", "an address without user:password@: credentials belong under upstream.authorization"},
        Refused{"https://a/?b",
                "an address without a query (?...) or fragment (#...): service paths are "
                "added behind it"},
        Refused{"https://a/#b",
                "an address without a query (?...) or fragment (#...): service paths are "
                "added behind it"},
        Refused{"https://a/" + std::string(1'000, 'x'), "an address of at most 1000 bytes"}));

}  // namespace
}  // namespace sluice::config::testing
