#include <gmock/gmock.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>

#include "adapters/upstream/fixture.hpp"
#include "adapters/upstream/test_authority.hpp"

namespace sluice::adapters::upstream {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

const Script kTwice{kReadRequest, send(answer("1")), kReadRequest, send(answer("2")), kUntilHungUp};

class UpstreamTls : public UpstreamTest {
 protected:
  UpstreamTls() { std::ofstream(ca_file_) << authority_.pem(); }

  config::Settings::Upstream trusting(const std::string& url) {
    auto with = settings(url);
    with.ca_file = ca_file_;
    return with;
  }
  void serve(std::vector<Script> scripts, const CertificateWish& wish = {}, const std::string& host = "127.0.0.1") {
    server_ = authority_.server(wish);
    peer_ = std::make_unique<ScriptedPeer>(context_, std::move(scripts), server_.get());
    open(trusting(peer_->url(host)));
  }
  void expect_refusal(const char* words) {
    const auto connection = connect();
    ASSERT_FALSE(connection);
    EXPECT_EQ(connection.error().kind, ErrorKind::certificate);
    EXPECT_THAT(connection.error().words, HasSubstr(words));
  }

  TestAuthority authority_;
  std::string ca_file_ = folder_ / "ca.pem";
  std::unique_ptr<boost::asio::ssl::context> server_;
  std::unique_ptr<ScriptedPeer> peer_;
};

TEST_F(UpstreamTls, ATrustedCertificateForTheAddressIsTaken) {
  serve({kTwice});
  const auto reply = post();
  ASSERT_TRUE(reply) << reply.error().error.words;
  EXPECT_EQ(reply->body, "1");
}

TEST_F(UpstreamTls, ATrustedCertificateForTheNameIsTaken) {
  serve({kTwice}, {.host = "localhost"}, "localhost");
  EXPECT_TRUE(post());
}

TEST_F(UpstreamTls, ACertificateForAnotherNameOrAddressIsRefused) {
  serve({kTwice}, {.host = "example.org"}, "localhost");
  expect_refusal("another host name");
  serve({kTwice}, {.host = "127.0.0.2"});
  expect_refusal("another host name");
  EXPECT_TRUE(peer_->requests().empty());
}

TEST_F(UpstreamTls, ACertificateThatNamesItsHostInTheSubjectOnlyIsRefused) {
  serve({kTwice}, {.host = "localhost", .named_in_subject_only = true}, "localhost");
  expect_refusal("another host name");
  EXPECT_TRUE(peer_->requests().empty());
}

TEST_F(UpstreamTls, ACertificateOutOfItsTimeIsRefused) {
  serve({kTwice}, {.begins_in_seconds = -7200, .ends_in_seconds = -3600});
  expect_refusal("has expired");
  serve({kTwice}, {.begins_in_seconds = 3600, .ends_in_seconds = 7200});
  expect_refusal("not valid yet");
}

TEST_F(UpstreamTls, ASelfSignedCertificateIsRefused) {
  serve({kTwice}, {.self_signed = true});
  expect_refusal("self-signed");
}

TEST_F(UpstreamTls, AnAuthorityThatTheSystemDoesNotTrustIsRefused) {
  serve({kTwice});
  open(settings(peer_->url()));
  expect_refusal("not trusted");
}

/// A machine whose administrator allows what we must not: /etc/ssl/openssl.cnf, for the while of a test.
class LaxMachine {
 public:
  explicit LaxMachine(const std::string& file) {
    std::ofstream(file) << "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\nsystem_default = lax\n"
                           "[lax]\nMinProtocol = TLSv1\nCipherString = ALL:@SECLEVEL=0\n";
    loaded_ = CONF_modules_load_file(file.c_str(), nullptr, 0) == 1;
  }
  ~LaxMachine() {
    CONF_modules_unload(1);
    CONF_modules_load_file(nullptr, nullptr, CONF_MFLAGS_DEFAULT_SECTION | CONF_MFLAGS_IGNORE_MISSING_FILE);
  }
  LaxMachine(const LaxMachine&) = delete;
  LaxMachine& operator=(const LaxMachine&) = delete;
  bool loaded() const { return loaded_; }

 private:
  bool loaded_ = false;
};

TEST_F(UpstreamTls, AnOlderTlsThanOneTwoIsRefusedEvenWhereTheMachineAllowsIt) {
  const LaxMachine machine(folder_ / "openssl.cnf");
  ASSERT_TRUE(machine.loaded());
  serve({kTwice});
  SSL_CTX_set_min_proto_version(server_->native_handle(), TLS1_VERSION);
  SSL_CTX_set_max_proto_version(server_->native_handle(), TLS1_1_VERSION);
  SSL_CTX_set_cipher_list(server_->native_handle(), "ALL:@SECLEVEL=0");
  const auto refused = connect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::network);
  EXPECT_THAT(refused.error().words, HasSubstr("TLS"));
}

TEST_F(UpstreamTls, TlsOneTwoIsTaken) {
  serve({kTwice});
  SSL_CTX_set_max_proto_version(server_->native_handle(), TLS1_2_VERSION);
  EXPECT_TRUE(post());
  EXPECT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 1);
}

TEST_F(UpstreamTls, AServerThatSpeaksPlainHttpIsSaidSo) {
  ScriptedPeer plain(context_, {{send("HTTP/1.1 400 Bad Request\r\n\r\n"), kUntilHungUp}});
  open(trusting("https://127.0.0.1:" + std::to_string(plain.port()) + "/"));
  const auto refused = connect();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::network);
}

TEST_F(UpstreamTls, SessionTicketsDoNotMakeAConnectionUnusable) {
  serve({kTwice});
  auto connection = connect();
  let_all_happen();  // the server's tickets have come
  EXPECT_TRUE((*connection)->usable());
  EXPECT_TRUE(finish(post_on(**connection)));
  connection->reset();
  EXPECT_TRUE(post());
  EXPECT_EQ(peer_->accepted(), 1);
}

TEST_F(UpstreamTls, AGoodbyeOrAnEndWithoutOneMakesAConnectionUnusable) {
  for (const Step& end : {kGoodbye, kClose, kReset}) {
    serve({{kReadRequest, send(answer("1")), end}, kTwice});
    const auto first = post();
    ASSERT_TRUE(first) << first.error().error.words;
    let_all_happen();
    const auto second = post();
    ASSERT_TRUE(second) << second.error().error.words;
    EXPECT_EQ(peer_->accepted(), 2);
  }
}

TEST_F(UpstreamTls, AResetBeforeTheFirstByteIsKnownNotToHaveCarriedTheRequest) {
  serve({{kReset}});
  auto connection = connect();
  until([&] { return peer_->ended() == 1; });
  const auto broken = finish(post_on(**connection, std::string(100'000, 'x')));
  ASSERT_FALSE(broken);
  EXPECT_FALSE(broken.error().bytes_out);
}

TEST_F(UpstreamTls, AResetAfterPartOfTheRequestLeavesItMaybeApplied) {
  serve({{kReadHead, kReset}});
  const auto broken = post(std::string(8 << 20, 'x'));
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().bytes_out);
  EXPECT_EQ(written_, 0);
}

TEST_F(UpstreamTls, ASilentServerRunsOutOfTime) {
  serve({{kReadRequest, kUntilHungUp}});
  auto with = trusting(peer_->url());
  with.response_timeout = 50ms;
  open(with);
  const auto broken = post();
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().bytes_out);
  EXPECT_THAT(broken.error().error.words, HasSubstr("response_timeout"));
}

TEST_F(UpstreamTls, ALargeBodyAndALargeAnswerPassWhole) {
  const std::string large(3 << 20, 'y');
  serve({{kReadRequest, send(answer(large)), kUntilHungUp}});
  const auto reply = post(large);
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body, large);
  EXPECT_TRUE(peer_->requests().front().ends_with(large));
  EXPECT_EQ(written_, 1);
}

TEST_F(UpstreamTls, AnAnswerThatComesBeforeTheBodyIsAllSentIsRead) {
  serve({{kReadHead, send(answer("", "413 Payload Too Large", "Connection: close\r\n")), kUntilHungUp}});
  SSL_CTX_set_options(server_->native_handle(), SSL_OP_NO_RENEGOTIATION);
  const auto reply = post(std::string(8 << 20, 'x'));
  ASSERT_TRUE(reply) << reply.error().error.words;
  EXPECT_EQ(reply->status, 413);
}

TEST_F(UpstreamTls, ABodyToTheEndOfTheConnectionIsWholeOnlyWithAGoodbye) {
  for (const auto& [end, truncated] : {std::pair(kGoodbye, false), std::pair(kClose, true)}) {
    serve({{kReadRequest, send("HTTP/1.1 200 OK\r\n\r\n{}"), end}});
    const auto reply = post();
    ASSERT_TRUE(reply);
    EXPECT_EQ(reply->truncated, truncated);
  }
}

TEST_F(UpstreamTls, AServerThatWantsAClientCertificateIsKnownNotToHaveTakenTheRequest) {
  serve({kTwice});
  SSL_CTX_set_verify(server_->native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  auto connection = connect();
  ASSERT_TRUE(connection) << "TLS 1.3 tells only after our side of the handshake is done";
  const auto broken = finish(post_on(**connection));
  ASSERT_FALSE(broken);
  EXPECT_FALSE(broken.error().bytes_out);
  EXPECT_EQ(broken.error().error.kind, ErrorKind::certificate);
  EXPECT_THAT(broken.error().error.words, HasSubstr("client certificate"));
}

TEST_F(UpstreamTls, WhoLearnsBeforeSendingThatAClientCertificateIsWantedIsToldByTheNextConnect) {
  serve({kTwice});
  SSL_CTX_set_verify(server_->native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  auto connection = connect();
  until([&] { return peer_->ended() == 1; });
  EXPECT_FALSE((*connection)->usable());
  connection->reset();
  expect_refusal("client certificate");
  EXPECT_EQ(peer_->accepted(), 1);
  EXPECT_TRUE(connect()) << "told once; then it is tried again";
}

TEST_F(UpstreamTls, WithTlsOneTwoAClientCertificateIsWantedBeforeTheConnectionIsUp) {
  serve({kTwice});
  SSL_CTX_set_max_proto_version(server_->native_handle(), TLS1_2_VERSION);
  SSL_CTX_set_verify(server_->native_handle(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  const auto refused = connect();
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().words, HasSubstr("TLS"));
}

TEST_F(UpstreamTls, AnEndAfterAnAnswerIsNeverTakenForARefusal) {
  serve({{kReadRequest, send(answer("1")), kReadRequest, kReset}});
  auto connection = connect();
  ASSERT_TRUE(finish(post_on(**connection)));
  connection->reset();
  const auto broken = post();
  ASSERT_FALSE(broken);
  EXPECT_TRUE(broken.error().bytes_out);
  EXPECT_EQ(broken.error().error.kind, ErrorKind::network);
}

TEST_F(UpstreamTls, AChangedCaFileCountsFromTheNextReconfiguration) {
  serve({kTwice});
  const TestAuthority next;
  const auto renewed = next.server();
  ScriptedPeer other(context_, {kTwice}, renewed.get());
  ASSERT_TRUE(upstream_->reconfigure(trusting(other.url())));
  expect_refusal("not trusted");  // the same authority's name, another key
  std::ofstream(ca_file_) << next.pem();
  ASSERT_TRUE(upstream_->reconfigure(trusting(other.url())));
  EXPECT_TRUE(post());
}

TEST_F(UpstreamTls, ACaFileThatIsNoneIsAConfigurationError) {
  std::ofstream(ca_file_) << "not a certificate";
  const auto opened = BeastUpstream::open(context_.get_executor(), trusting("https://127.0.0.1/"), clock_);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
  EXPECT_THAT(opened.error().words, HasSubstr("upstream.ca_file"));
}

}  // namespace
}  // namespace sluice::adapters::upstream
