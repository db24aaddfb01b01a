#include <gmock/gmock.h>

#include "adapters/upstream/fixture.hpp"
#include "adapters/upstream/test_authority.hpp"

namespace sluice::adapters::upstream {
namespace {

using namespace std::chrono_literals;

const Script kTwice{kReadRequest, send(answer("1")), kReadRequest, send(answer("2")), kUntilHungUp};

class UpstreamPool : public UpstreamTest {
 protected:
  void serve(std::vector<Script> scripts) {
    peer_ = std::make_unique<ScriptedPeer>(context_, std::move(scripts));
    open(settings(peer_->url()));
  }
  std::string body_of(const Outcome& outcome) { return outcome ? outcome->body : outcome.error().error.words; }
  std::unique_ptr<ScriptedPeer> peer_;
};

TEST_F(UpstreamPool, AConnectionThatEndedItsExchangeCleanlyIsUsedAgain) {
  serve({kTwice});
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(body_of(post()), "2");
  EXPECT_EQ(peer_->accepted(), 1);
}

TEST_F(UpstreamPool, ALeaseThatCarriedNothingGoesBackToo) {
  serve({kTwice});
  {
    ASSERT_TRUE(connect());
  }
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(peer_->accepted(), 1);
}

TEST_F(UpstreamPool, ConnectionsInUseAtOnceAreDifferentOnes) {
  serve({kTwice});
  const auto one = connect(), two = connect();
  EXPECT_EQ(body_of(finish(post_on(**one))), "1");
  EXPECT_EQ(body_of(finish(post_on(**two))), "1");
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, ConnectionCloseIsObeyed) {
  const Script once{kReadRequest, send(answer("{}", "200 OK", "Connection: close\r\n")), kUntilHungUp};
  serve({once});
  ASSERT_TRUE(post());
  ASSERT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, AConnectionIsNotUsedAfterFourSecondsOfIdleness) {
  serve({kTwice});
  ASSERT_TRUE(post());
  clock_.time += 3999ms;
  ASSERT_TRUE(post());
  clock_.time += 4s;
  ASSERT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, AShorterTimeTheServerNamesIsKeptWithAMargin) {
  const Script brief{kReadRequest, send(answer("{}", "200 OK", "Keep-Alive: max=5, timeout=2\r\n")), kUntilHungUp};
  serve({brief});
  ASSERT_TRUE(post());
  clock_.time += 1s;
  ASSERT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, ALeaseGrowsUnusableWithIdlenessAndWhenThePeerHangsUp) {
  serve({{kUntilHungUp}, {kClose}});
  auto idle = connect();
  EXPECT_TRUE((*idle)->usable());
  clock_.time += 4s;
  EXPECT_FALSE((*idle)->usable());
  const auto hung_up = connect();
  until([&] { return peer_->ended() == 1; });
  EXPECT_FALSE((*hung_up)->usable());
}

TEST_F(UpstreamPool, AConnectionThePeerClosedMeanwhileIsNotUsed) {
  serve({{kReadRequest, send(answer("1")), kClose}, kTwice});
  ASSERT_TRUE(post());
  until([&] { return peer_->ended() == 1; });
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, AConnectionOnWhichThePeerSaidSomethingUnaskedIsNotUsed) {
  serve({{kReadRequest, send(answer("1")), send("HTTP/1.1 408 Request Timeout\r\n\r\n"), kUntilHungUp}, kTwice});
  ASSERT_TRUE(post());
  let_all_happen();
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPool, WhatComesBehindAnAnswerIsNeverTakenForTheNext) {
  serve({{kReadRequest, send(answer("1") + answer("stray")), kUntilHungUp}, kTwice});
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(body_of(post()), "1");
}

TEST_F(UpstreamPool, IdleConnectionsAreClosedInTime) {
  serve({{kReadRequest, send(answer("{}", "200 OK", "Keep-Alive: timeout=2\r\n")), kUntilHungUp}});
  ASSERT_TRUE(post());
  clock_.time += 1s;
  until([&] { return peer_->ended() == 1; });  // when the pool's own timer is due, in real time, after 1 s
}

TEST_F(UpstreamPool, AConnectionTheServerWillNotKeepIsClosedAtOnce) {
  serve({{kReadRequest, send(answer("{}", "200 OK", "Keep-Alive: timeout=1\r\n")), kUntilHungUp}});
  ASSERT_TRUE(post());
  let_all_happen();
  EXPECT_EQ(peer_->ended(), 1);
}

TEST_F(UpstreamPool, CutClosesIdleConnectionsAndLeavesNothingToWaitFor) {
  serve({kTwice});
  ASSERT_TRUE(post());
  upstream_->cut();
  until([&] { return peer_->ended() == 1; });
  peer_.reset();
  context_.restart();
  context_.run();
}

TEST_F(UpstreamPool, ConnectionsMayOutliveTheUpstream) {
  serve({kTwice});
  auto connection = connect();
  upstream_.reset();
  EXPECT_EQ(body_of(finish(post_on(**connection))), "1");
  connection->reset();
}

/// Over TLS an opening takes several turns, so that something can happen meanwhile.
class UpstreamPoolTls : public UpstreamPool {
 protected:
  void serve_tls(std::vector<Script> scripts) {
    std::ofstream(ca_file_) << authority_.pem();
    peer_ = std::make_unique<ScriptedPeer>(context_, std::move(scripts), tls_.get());
    auto with = settings(peer_->url());
    with.ca_file = ca_file_;
    open(with);
  }
  /// Begun, accepted, and not up yet.
  auto opening() {
    const int before = peer_->accepted();
    auto waiting = start(upstream_->connect());
    until([&] { return peer_->accepted() > before; });
    EXPECT_FALSE(waiting->has_value());
    return waiting;
  }

  TestAuthority authority_;
  std::unique_ptr<boost::asio::ssl::context> tls_ = authority_.server();
  std::string ca_file_ = folder_ / "ca.pem";
};

TEST_F(UpstreamPoolTls, AConnectionThatComesFreeIsTakenRatherThanWaitingForANewOne) {
  serve_tls({kTwice, {pause(1h)}});
  auto busy = connect();
  ASSERT_TRUE(busy) << busy.error().words;
  peer_->hold_handshakes();
  const auto waiting = opening();
  EXPECT_TRUE(finish(post_on(**busy)));
  busy->reset();
  until([&] { return waiting->has_value(); });
  ASSERT_TRUE(**waiting) << (**waiting).error().words;
  EXPECT_EQ(body_of(finish(post_on(****waiting))), "2");
}

TEST_F(UpstreamPoolTls, WhatWasOpenedMeanwhileIsTheNextOnesConnection) {
  serve_tls({kTwice});
  auto busy = connect();
  const auto waiting = opening();
  busy->reset();
  until([&] { return waiting->has_value(); });
  let_all_happen();
  EXPECT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 2);
}

TEST_F(UpstreamPoolTls, TheEndOfTheUpstreamEndsOpeningsThatNobodyWaitsFor) {
  serve_tls({kTwice, {pause(1ms)}});
  auto busy = connect();
  peer_->hold_handshakes();
  auto waiting = opening();
  busy->reset();
  until([&] { return waiting->has_value(); });
  waiting.reset();
  upstream_.reset();
  peer_.reset();
  context_.restart();
  context_.run();
}

TEST_F(UpstreamPool, ReconfiguringLeavesTheExchangeUnderWayAloneAndItsConnectionDoesNotComeBack) {
  serve({kTwice});
  ScriptedPeer other(context_, {kTwice});
  auto connection = connect();
  const auto under_way = start(post_on(**connection));
  ASSERT_TRUE(upstream_->reconfigure(settings(other.url())));
  until([&] { return under_way->has_value(); });
  EXPECT_EQ(body_of(**under_way), "1");
  connection->reset();
  EXPECT_EQ(body_of(post()), "1");
  EXPECT_EQ(other.accepted(), 1);
  EXPECT_EQ(peer_->requests().size(), 1U);
}

TEST_F(UpstreamPool, AnIdleConnectionToTheLastAddressIsNotTakenAgain) {
  serve({kTwice});
  ASSERT_TRUE(post());
  ScriptedPeer other(context_, {kTwice});
  ASSERT_TRUE(upstream_->reconfigure(settings(other.url())));
  ASSERT_TRUE(post());
  EXPECT_EQ(other.accepted(), 1);
  EXPECT_EQ(peer_->requests().size(), 1U);
}

TEST_F(UpstreamPool, AConnectionToTheLastAddressIsNotUsedForARequestThatHasYetToStart) {
  serve({kTwice});
  auto connection = connect();
  ASSERT_TRUE((*connection)->usable());
  ScriptedPeer other(context_, {kTwice});
  ASSERT_TRUE(upstream_->reconfigure(settings(other.url())));
  EXPECT_FALSE((*connection)->usable());
}

TEST_F(UpstreamPool, AReconfigurationThatFailsChangesNothing) {
  serve({kTwice});
  auto with = settings("https://127.0.0.1:1/");
  with.ca_file = folder_ / "no-such.pem";
  const auto refused = upstream_->reconfigure(with);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::config);
  EXPECT_THAT(refused.error().words, testing::HasSubstr("no-such.pem"));
  EXPECT_EQ(body_of(post()), "1");
}

}  // namespace
}  // namespace sluice::adapters::upstream
