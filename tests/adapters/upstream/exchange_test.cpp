#include <gmock/gmock.h>

#include "adapters/upstream/fixture.hpp"
#include "upstream/arrival_watch.hpp"

namespace sluice::adapters::upstream {
namespace {

using namespace std::chrono_literals;
using boost::asio::ip::tcp;
using testing::HasSubstr;

std::pair<tcp::socket, tcp::socket> connected_pair(boost::asio::io_context& context) {
  tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
  tcp::socket ours(context);
  ours.connect(acceptor.local_endpoint());
  ours.non_blocking(true);
  return {std::move(ours), acceptor.accept()};
}

class UpstreamExchange : public UpstreamTest {
 protected:
  Outcome exchange(const Script& script, std::string body = "{}") {
    peer_ = std::make_unique<ScriptedPeer>(context_, std::vector<Script>{script});
    auto with = settings(peer_->url());
    with.response_timeout = response_timeout_;
    open(with);
    return post(std::move(body));
  }
  std::unique_ptr<ScriptedPeer> peer_;
  Millis response_timeout_ = 1min;
};

TEST_F(UpstreamExchange, SendsTheRequestExactlySoAndBringsTheAnswer) {
  put_credential(" \t" + std::string(kCredential) + "\n");
  const auto reply =
      exchange({kReadRequest, send(answer("{\"code\":200}", "200 OK", "Retry-After: 7\r\nDate: today\r\n"))},
               "{\"packOrder\":[]}");
  ASSERT_TRUE(reply) << reply.error().error.words;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(reply->body, "{\"code\":200}");
  EXPECT_EQ(reply->content_type, "application/json");
  EXPECT_EQ(reply->retry_after, "7");
  EXPECT_EQ(reply->date, "today");
  EXPECT_FALSE(reply->truncated);
  EXPECT_EQ(written_, 1);
  EXPECT_EQ(peer_->requests().front(),
            "POST /prod-api/acdn/create HTTP/1.1\r\n"
            "Host: 127.0.0.1:" +
                std::to_string(peer_->port()) +
                "\r\n"
                "Authorization: Bearer s3cret-t0ken\r\n"
                "Content-Type: application/json;charset=utf-8\r\n"
                "Accept: application/json\r\n"
                "Accept-Encoding: identity\r\n"
                "Cache-Control: no-store\r\n"
                "User-Agent: sluice/0.1.0\r\n"
                "X-Request-Id: r-1\r\n"
                "Content-Length: 16\r\n\r\n"
                "{\"packOrder\":[]}");
}

TEST_F(UpstreamExchange, ABodyBeyondAllSocketBuffersArrivesWhole) {
  const std::string body(8 << 20, 'x');
  ASSERT_TRUE(exchange({kReadRequest, send(answer("{}"))}, body));
  EXPECT_TRUE(peer_->requests().front().ends_with(body));
  EXPECT_EQ(written_, 1);
}

TEST_F(UpstreamExchange, AnAnswerThatComesBeforeTheBodyIsAllSentIsRead) {
  const auto refused = answer("too much", "413 Payload Too Large", "Connection: close\r\n");
  for (const Script& script :
       {Script{kReadHead, send(refused), kUntilHungUp}, Script{kReadHead, send(refused), kClose}}) {
    const auto reply = exchange(script, std::string(8 << 20, 'x'));
    ASSERT_TRUE(reply) << reply.error().error.words;
    EXPECT_EQ(reply->status, 413);
    EXPECT_EQ(reply->body, "too much");
    EXPECT_EQ(written_, 0);
  }
}

TEST_F(UpstreamExchange, AnEarlyAnswerIsNotHeldUpByAPeerThatReadsNoMore) {
  const auto reply =
      exchange({kReadHead, send(answer("", "413 Payload Too Large")), pause(1h)}, std::string(16 << 20, 'x'));
  ASSERT_TRUE(reply) << reply.error().error.words;
  EXPECT_EQ(reply->status, 413);
  EXPECT_EQ(peer_->ended(), 0);
}

TEST_F(UpstreamExchange, InterimAnswersAreSkipped) {
  const auto reply =
      exchange({kReadRequest, send("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" +
                                   answer("{}", "201 Created"))});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 201);
}

TEST_F(UpstreamExchange, ARedirectIsAnAnswerAndNotFollowed) {
  const auto reply = exchange({kReadRequest, send(answer("", "302 Found", "Location: http://127.0.0.1:1/\r\n"))});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 302);
  EXPECT_EQ(peer_->accepted(), 1);
}

TEST_F(UpstreamExchange, ABodyMayEndWithTheConnection) {
  const auto reply = exchange({kReadRequest, send("HTTP/1.1 200 OK\r\n\r\nto the end"), kClose});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "to the end");
  EXPECT_FALSE(reply->truncated);
}

TEST_F(UpstreamExchange, AnAnswerCutInItsBodyIsTruncated) {
  for (const Step& end : {kClose, kReset}) {
    const auto reply =
        exchange({kReadRequest, send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"co"), pause(20ms), end});
    ASSERT_TRUE(reply) << reply.error().error.words;
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(reply->body, "{\"co");
    EXPECT_TRUE(reply->truncated);
  }
}

TEST_F(UpstreamExchange, ABodyOverTheCapIsTruncatedAndTheConnectionDropped) {
  const std::string mebibyte(1 << 20, 'x');
  const Step chunk = send("100000\r\n" + mebibyte + "\r\n");
  const auto reply = exchange({kReadRequest, send("HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n"),
                               chunk, chunk, chunk, chunk, chunk, chunk, kUntilHungUp});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->status, 502);
  EXPECT_TRUE(reply->truncated);
  EXPECT_LE(reply->body.size(), std::size_t{4 << 20});
  until([&] { return peer_->ended() == 1; });
}

TEST_F(UpstreamExchange, WhatIsNotHttpLeavesTheRequestMaybeApplied) {
  for (const Step& garbage :
       {send("SSH-2.0-OpenSSH_9.2\r\n"), send(std::string(100'000, '\0')), send("HTTP/1.1 abc\r\n\r\n")}) {
    const auto broken = exchange({kReadRequest, garbage, kUntilHungUp});
    ASSERT_FALSE(broken);
    EXPECT_TRUE(broken.error().bytes_out);
    EXPECT_EQ(broken.error().error.kind, ErrorKind::network);
    EXPECT_THAT(broken.error().error.words, HasSubstr("not HTTP"));
  }
}

TEST_F(UpstreamExchange, AConnectionThatEndsWithoutAnAnswerLeavesTheRequestMaybeApplied) {
  for (const Script& script : {Script{kReadRequest, kClose}, Script{kReadRequest, kReset}, Script{kReadHead, kReset},
                               Script{kReadRequest, send("HTTP/1.1 200 O"), kClose}}) {
    const auto broken = exchange(script, std::string(100'000, 'x'));
    ASSERT_FALSE(broken);
    EXPECT_TRUE(broken.error().bytes_out);
    EXPECT_EQ(broken.error().error.kind, ErrorKind::network);
  }
}

TEST_F(UpstreamExchange, AConnectionResetBeforeTheFirstByteIsKnownNotToHaveCarriedTheRequest) {
  peer_ = std::make_unique<ScriptedPeer>(context_, std::vector<Script>{Script{kReset}});
  open(settings(peer_->url()));
  const auto connection = connect();
  until([&] { return peer_->ended() == 1; });
  EXPECT_FALSE((*connection)->usable());
  const auto broken = finish(post_on(**connection));
  ASSERT_FALSE(broken);
  EXPECT_FALSE(broken.error().bytes_out);
  EXPECT_EQ(broken.error().error.kind, ErrorKind::network);
  EXPECT_EQ(written_, 0);
}

TEST_F(UpstreamExchange, WhatAPeerSaidBeforeAnyByteWentOutIsNoAnswerToIt) {
  peer_ =
      std::make_unique<ScriptedPeer>(context_, std::vector<Script>{{send(answer("", "408 Request Timeout")), kReset}});
  open(settings(peer_->url()));
  const auto connection = connect();
  until([&] { return peer_->ended() == 1; });
  const auto broken = finish(post_on(**connection));
  ASSERT_FALSE(broken) << broken->status;
  EXPECT_FALSE(broken.error().bytes_out);
}

TEST_F(UpstreamExchange, ASlowHeadRunsOutOfTimeAsAWholeHoweverItDrips) {
  response_timeout_ = 100ms;
  Script drip{kReadRequest};
  for (const char c : answer(std::string(100, 'x'))) drip.insert(drip.end(), {send(std::string(1, c)), pause(20ms)});
  const auto broken = exchange(drip);
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().bytes_out);
  EXPECT_THAT(broken.error().error.words, HasSubstr("response_timeout"));
}

TEST_F(UpstreamExchange, ASlowBodyRunsOutOfTimeAndIsTruncated) {
  response_timeout_ = 100ms;
  Script drip{kReadRequest, send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")};
  for (int i = 0; i < 100; ++i) drip.insert(drip.end(), {send("x"), pause(20ms)});
  const auto reply = exchange(drip);
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->truncated);
}

TEST_F(UpstreamExchange, APeerThatStopsReadingRunsOutOfTime) {
  response_timeout_ = 100ms;
  const auto broken = exchange({kReadHead, pause(1h)}, std::string(16 << 20, 'x'));
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().bytes_out);
  EXPECT_EQ(written_, 0);
}

TEST_F(UpstreamExchange, ThePeersAcknowledgementIsToldBeforeItsAnswerAndOnce) {
  peer_ = std::make_unique<ScriptedPeer>(context_, std::vector<Script>{Script{kReadRequest, kUntilHungUp}});
  open(settings(peer_->url()));
  const auto connection = connect();
  const auto outcome = start(post_on(**connection));
  until([&] { return acknowledged_ == 1; });
  EXPECT_EQ(written_, 1);
  EXPECT_FALSE(outcome->has_value());
  upstream_->cut();
  until([&] { return outcome->has_value(); });
  let_all_happen();
  EXPECT_EQ(acknowledged_, 1);
}

TEST_F(UpstreamExchange, WhatThePeersTcpHasNotTakenIsNotAcknowledged) {
  // More than both sides' buffers hold, and nobody reads it.
  auto [ours, theirs] = connected_pair(context_);
  boost::system::error_code full;
  const std::string much(1 << 20, 'x');
  while (!full) ours.write_some(boost::asio::buffer(much), full);
  EXPECT_FALSE(acknowledged_ago(ours.native_handle()));
}

TEST_F(UpstreamExchange, AClosedSocketHasNothingAcknowledged) {
  auto [ours, theirs] = connected_pair(context_);
  EXPECT_TRUE(acknowledged_ago(ours.native_handle())) << "nothing was written, and the connection stands";
  ours.close();
  EXPECT_FALSE(acknowledged_ago(ours.native_handle()));
}

TEST_F(UpstreamExchange, CutEndsItAtOnce) {
  peer_ = std::make_unique<ScriptedPeer>(context_, std::vector<Script>{Script{kReadRequest, kUntilHungUp}});
  open(settings(peer_->url()));
  const auto connection = connect();
  const auto outcome = start(post_on(**connection));
  until([&] { return peer_->requests().size() == 1; });
  upstream_->cut();
  until([&] { return outcome->has_value(); });
  ASSERT_FALSE(**outcome);
  EXPECT_TRUE((*outcome)->error().bytes_out);
  EXPECT_EQ((*outcome)->error().error.kind, ErrorKind::cancelled);
  EXPECT_FALSE((*connection)->usable());
}

ports::Task<void> exchange_on(Connection connection) {
  co_await connection->post("acdn/create", std::string(100'000, 'x'), "r-1", {.written = [] { FAIL() << "written"; }});
}

TEST_F(UpstreamExchange, AnExchangeMayEndWithItsContext) {
  peer_ = std::make_unique<ScriptedPeer>(context_, std::vector<Script>{{kUntilHungUp}});
  open(settings(peer_->url()));
  auto connection = connect();
  boost::asio::co_spawn(context_, exchange_on(std::move(*connection)), [](std::exception_ptr) {});
  context_.restart();
  context_.poll_one();  // under way; its context dies with the test, and the address sanitizer watches
}

TEST_F(UpstreamExchange, AnEchoedCredentialIsStarredOut) {
  const auto reply = exchange({kReadRequest, send(answer("{\"msg\":\"bad Bearer s3cret-t0ken / s3cret-t0ken\"}"))});
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, "{\"msg\":\"bad ******************* / ************\"}");
}

}  // namespace
}  // namespace sluice::adapters::upstream
