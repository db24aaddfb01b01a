#include <gmock/gmock.h>

#include "adapters/upstream/fixture.hpp"
#include "adapters/upstream/test_authority.hpp"

namespace sluice::adapters::upstream {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class UpstreamConnect : public UpstreamTest {
 protected:
  Error refusal(const config::Settings::Upstream& with) {
    open(with);
    auto connection = connect();
    return connection ? Error{ErrorKind::usage, "it connected"} : connection.error();
  }
};

TEST_F(UpstreamConnect, APortWhereNobodyListensIsSaidSo) {
  std::string url;
  {
    const ScriptedPeer gone(context_, {{kClose}});
    url = gone.url();
  }
  const Error error = refusal(settings(url));
  EXPECT_EQ(error.kind, ErrorKind::network);
  EXPECT_THAT(error.words, HasSubstr("nobody listens"));
}

TEST_F(UpstreamConnect, AHostNameThatDoesNotExistIsSaidSo) {
  const Error error = refusal(settings("https://nonexistent.invalid/prod-api/"));
  EXPECT_EQ(error.kind, ErrorKind::network);
  EXPECT_THAT(error.words, HasSubstr("nonexistent.invalid"));
  EXPECT_THAT(error.words, HasSubstr("DNS"));
}

TEST_F(UpstreamConnect, AskersOfOneNameShareTheLookup) {
  ScriptedPeer peer(context_, {{kUntilHungUp}});
  open(settings(peer.url("localhost")));
  const auto one = start(upstream_->connect()), two = start(upstream_->connect());
  until([&] { return one->has_value() && two->has_value(); });
  EXPECT_TRUE(**one) << (**one).error().words;
  EXPECT_TRUE(**two) << (**two).error().words;
  until([&] { return peer.accepted() == 2; });
}

TEST_F(UpstreamConnect, EveryAddressOfANameIsTriedInTurn) {
  ScriptedPeer peer(context_, {{kReadRequest, send(answer("{}"))}});  // on 127.0.0.1 alone, whatever localhost has
  open(settings(peer.url("localhost")));
  EXPECT_TRUE(post());
}

TEST_F(UpstreamConnect, ConnectTimeoutCoversAHandshakeThatNeverComes) {
  const TestAuthority authority;
  const auto tls = authority.server();
  ScriptedPeer peer(context_, {{pause(1h)}}, tls.get());
  peer.hold_handshakes();
  auto with = settings(peer.url());
  with.connect_timeout = 50ms;
  const Error error = refusal(with);
  EXPECT_EQ(error.kind, ErrorKind::network);
  EXPECT_THAT(error.words, HasSubstr("connect_timeout"));
}

TEST_F(UpstreamConnect, CutEndsItAtOnceInEveryStep) {
  const TestAuthority authority;
  const auto tls = authority.server();
  ScriptedPeer peer(context_, {{pause(1h)}}, tls.get());
  peer.hold_handshakes();
  for (const std::string& url : {peer.url(), peer.url("localhost")}) {  // in TLS; in the lookup
    open(settings(url));
    const auto outcome = start(upstream_->connect());
    let_all_happen();
    upstream_->cut();
    until([&] { return outcome->has_value(); });
    ASSERT_FALSE(**outcome);
    EXPECT_EQ((**outcome).error().kind, ErrorKind::cancelled);
  }
}

TEST_F(UpstreamConnect, OneCutDoesNotSpoilWhatConnectsLater) {
  ScriptedPeer peer(context_, {{kReadRequest, send(answer("{}"))}});
  open(settings(peer.url()));
  upstream_->cut();
  EXPECT_TRUE(post());
}

TEST_F(UpstreamConnect, AnAddressThatMakesNoSenseIsAConfigurationError) {
  for (const char* url :
       {"", "ftp://x/", "https://", "https://:443/", "https://u:p@x/", "https://x/?q=1", "https://x/#f",
        "https://x:port/", "https://[::1/", "https://x y/", "https://x:65536/", "https://x:0/", "https://x:/"}) {
    const auto opened = BeastUpstream::open(context_.get_executor(), settings(url), clock_);
    ASSERT_FALSE(opened) << url;
    EXPECT_EQ(opened.error().kind, ErrorKind::config);
    EXPECT_THAT(opened.error().words, HasSubstr("upstream.base_url"));
  }
}

}  // namespace
}  // namespace sluice::adapters::upstream
