#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/ports/upstream.hpp"

namespace sluice {

/// What every ports::Upstream must do, whatever is behind it:
///
///   INSTANTIATE_TYPED_TEST_SUITE_P(Scripted, UpstreamContract, ScriptedUpstreamMaker);
///
/// where the maker is default-constructed for each test, and has
///   void answer();                                   // the API answers each request: 200, {}
///   void reset();                                    // it breaks each connection off once it has the request
///   void stall();                                    // it takes each request and says nothing; call one of these
///   first ports::Upstream& upstream(); void soon(std::function<void()> what);           // on the executor, once
///   everything that is ready has run template <class T> T wait(ports::Task<T> task);  // runs it to its end, on
///   whatever executor
template <class Maker>
class UpstreamContract : public testing::Test {
 protected:
  using Outcome = std::expected<orders::HttpReply, ports::Broken>;

  std::unique_ptr<ports::Connection> connect() { return maker.wait(maker.upstream().connect()).value(); }
  Outcome post(ports::Connection& connection, std::function<void()> written) {
    return maker.wait(connection.post("acdn/create", "{}", "r-1", {.written = std::move(written)}));
  }

  Maker maker;
};

TYPED_TEST_SUITE_P(UpstreamContract);

TYPED_TEST_P(UpstreamContract, AFreshConnectionCarriesARequestAndSaysOnceThatItIsWritten) {
  this->maker.answer();
  const auto connection = this->connect();
  EXPECT_TRUE(connection->usable());
  int written = 0;
  const auto reply = this->post(*connection, [&] { ++written; });
  ASSERT_TRUE(reply) << reply.error().error.words;
  EXPECT_EQ(reply->status, 200);
  EXPECT_EQ(written, 1);
}

TYPED_TEST_P(UpstreamContract, ARequestThatLeftAndGotNoAnswerIsSaidToHaveLeft) {
  this->maker.reset();
  const auto connection = this->connect();
  const auto reply = this->post(*connection, [] {});
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().bytes_out);
  EXPECT_EQ(reply.error().error.kind, ErrorKind::network);
}

TYPED_TEST_P(UpstreamContract, ACutEndsAnExchangeUnderWay) {
  this->maker.stall();
  const auto connection = this->connect();
  const auto reply = this->post(*connection, [&] { this->maker.soon([&] { this->maker.upstream().cut(); }); });
  ASSERT_FALSE(reply);
  EXPECT_TRUE(reply.error().bytes_out);
  EXPECT_EQ(reply.error().error.kind, ErrorKind::cancelled);
}

REGISTER_TYPED_TEST_SUITE_P(UpstreamContract, AFreshConnectionCarriesARequestAndSaysOnceThatItIsWritten,
                            ARequestThatLeftAndGotNoAnswerIsSaidToHaveLeft, ACutEndsAnExchangeUnderWay);

}  // namespace sluice
