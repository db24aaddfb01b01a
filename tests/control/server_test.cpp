// Server and client over a real socket in a fresh folder, with an engine over memory behind them.
#include "sluice/control/server.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/json.hpp>

#include <array>
#include <filesystem>
#include <fstream>
#include <thread>

#include "adapters/temp_folder.hpp"
#include "pipeline/memory_gate.hpp"
#include "pipeline/memory_ledger.hpp"
#include "pipeline/scripted_upstream.hpp"
#include "simulation/sim_spool.hpp"
#include "sluice/control/client.hpp"
#include "sluice/control/peer.hpp"
#include "sluice/control/resolution_json.hpp"

namespace sluice::control {
namespace {

namespace fs = std::filesystem;

constexpr JobId kJob{.day = 20240115, .n = 3};

/// A client that speaks as it likes.
class Raw {
 public:
  explicit Raw(const fs::path& socket) { peer_.connect(socket.string()); }
  void say(std::string_view words) { boost::asio::write(peer_, boost::asio::buffer(words)); }
  /// Everything until the other side closes.
  std::string rest() {
    std::string all;
    boost::system::error_code closed;
    boost::asio::read(peer_, boost::asio::dynamic_buffer(all), closed);
    return all;
  }

 private:
  boost::asio::io_context io_;
  boost::asio::local::stream_protocol::socket peer_{io_};
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    ports::JobHeader header;
    header.id = kJob;
    header.state = ports::JobState::done;
    header.name = "orders.csv";
    ledger_.store.apply({ports::PutJob{header}});
    socket = folder_ / "control.sock";
  }
  void TearDown() override {
    if (server) boost::asio::post(clock_.io(), [this] { server->stop(); });
    clock_.bench().guard.reset();
    if (thread_.joinable()) thread_.join();
    server.reset();
  }
  Result<void> open() {
    auto opened = Server::open(clock_.io().get_executor(), socket.string(), engine_, ledger_, clock_, limits);
    if (!opened) return std::unexpected(opened.error());
    server = std::move(*opened);
    thread_ = std::thread([this] { clock_.io().run(); });
    return {};
  }
  Result<std::string> ask(const std::string& method, const std::string& target, const std::string& body = "") {
    return control::ask(socket.string(), {method, target, body}, ::geteuid());
  }
  void has_two_in_doubt() {
    ports::AddCounts counts{.job = kJob};
    counts.counts[records::Outcome::in_doubt] = 2;
    ports::PutDoubts put;
    for (const std::uint64_t row : {1, 2})
      put.doubts.push_back({.order_hash = 10 * row, .order = "{}", .job = kJob, .row = row, .since = clock_.wall()});
    ledger_.store.apply({counts, put});
  }
  ports::LookedUp first_answer() const { return ledger_.store.doubts().at(0).looked_up; }
  static std::string who() { return user_name(::geteuid()); }
  std::string pause() { return std::string(boost::json::parse(ask("GET", "/status").value()).at("pause").as_string()); }

  fs::path socket;
  std::unique_ptr<Server> server;
  ServerLimits limits;

  pipeline::MemoryLedger ledger_;

 private:
  adapters::TempFolder folder_;
  pipeline::FakeClock clock_;
  simulation::Disk disk_;
  simulation::SpoolWitness witness_;
  simulation::SimSpool spool_{clock_.bench().life, disk_, clock_.bench().clocks, clock_.bench().weather, witness_};
  pipeline::MemoryGate gate_{clock_.now()};
  std::vector<std::string> deeds_;
  pipeline::ScriptedUpstream api_{clock_, deeds_};
  ports::NoOtherHosts alone_{clock_};
  pipeline::Engine engine_{
      clock_.io().get_executor(),
      {.clock = clock_, .spool = spool_, .ledger = ledger_, .gate = gate_, .upstream = api_, .hosts = alone_},
      config::Settings{}};
  std::thread thread_;
};

TEST_F(ServerTest, ItsSocketIsForTheGroupAndGoneAfterwards) {
  ASSERT_TRUE(open());
  struct stat info{};
  ASSERT_EQ(::stat(socket.c_str(), &info), 0);
  EXPECT_TRUE(S_ISSOCK(info.st_mode));
  EXPECT_EQ(info.st_mode & 0777, 0660);
  TearDown();
  EXPECT_FALSE(fs::exists(socket));
}

TEST_F(ServerTest, PauseAndResumeAreSaidAndSeen) {
  ASSERT_TRUE(open());
  EXPECT_EQ(pause(), "none");
  EXPECT_NE(ask("POST", "/pause").value().find("paused"), std::string::npos);
  EXPECT_EQ(pause(), "operator");
  EXPECT_EQ(ask("POST", "/resume").value(), R"({"said":"resumed","said_zh":"已恢复"})");
  EXPECT_EQ(pause(), "none");
}

TEST_F(ServerTest, PausingAPausedLineAndResumingAnOpenOneAreSaidToBeThat) {
  ASSERT_TRUE(open());
  EXPECT_NE(ask("POST", "/resume").value().find("nothing was paused"), std::string::npos);
  ASSERT_TRUE(ask("POST", "/pause"));
  EXPECT_NE(ask("POST", "/pause").value().find("paused already"), std::string::npos);
}

TEST_F(ServerTest, AJobIsShownAndWhatCannotBeDoneToItIsRefusedInWords) {
  ASSERT_TRUE(open());
  EXPECT_NE(ask("GET", "/jobs/20240115-3").value().find("orders.csv"), std::string::npos);
  const auto held = ask("POST", "/jobs/20240115-3/hold");
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().kind, ErrorKind::usage);
  EXPECT_EQ(text::in(text::Lang::en, held.error().words),
            "20240115-3 is finished, and nothing was changed: its results are in the outbox; `sluice show 20240115-3`");
  const auto nothing = ask("POST", "/jobs/20240115-3/resolve/applied");
  ASSERT_FALSE(nothing);
  EXPECT_EQ(text::in(text::Lang::en, nothing.error().words), "20240115-3 has no orders in doubt");
  has_two_in_doubt();
  EXPECT_NE(ask("GET", "/jobs/20240115-3").value().find("not resolved: look up each row of outbox/"),
            std::string::npos);
  EXPECT_NE(ask("POST", "/jobs/20240115-3/resolve/applied").value().find("resolved as applied"), std::string::npos);
  EXPECT_NE(ask("GET", "/jobs/20240115-3").value().find("resolved as applied by " + who()), std::string::npos);
}

TEST_F(ServerTest, TheContraryOfWhatWasSaidOfAnOrderNeedsForce) {
  has_two_in_doubt();
  ASSERT_TRUE(open());
  EXPECT_TRUE(ask("POST", "/jobs/20240115-3/resolve", R"({"applied":[10]})"));
  EXPECT_NE(ask("GET", "/jobs/20240115-3").value().find("1 as applied, 0 as not applied, 1 not looked up yet"),
            std::string::npos);
  EXPECT_TRUE(ask("POST", "/jobs/20240115-3/resolve", R"({"applied":[10],"not_applied":[20]})")) << "says it again";
  const auto contrary = ask("POST", "/jobs/20240115-3/resolve/not-applied");
  ASSERT_FALSE(contrary);
  EXPECT_NE(contrary.error().words.find("--force"), std::string::npos) << contrary.error().words;
  EXPECT_EQ(first_answer(), ports::LookedUp::applied);
  EXPECT_TRUE(ask("POST", "/jobs/20240115-3/resolve/not-applied", R"({"force":true})"));
  EXPECT_EQ(first_answer(), ports::LookedUp::not_applied);
}

TEST_F(ServerTest, AnOrderThatIsNotInDoubtThereCannotBeResolved) {
  has_two_in_doubt();
  ASSERT_TRUE(open());
  EXPECT_FALSE(ask("POST", "/jobs/20240115-3/resolve", R"({"applied":[10, 11]})"));
  EXPECT_FALSE(ask("POST", "/jobs/20240115-3/resolve", "{}"));
  EXPECT_FALSE(ask("POST", "/jobs/20240115-3/resolve/perhaps"));
  EXPECT_EQ(first_answer(), ports::LookedUp::not_yet);
}

TEST_F(ServerTest, WhoPausedIsKeptAndShown) {
  ASSERT_TRUE(open());
  ASSERT_TRUE(ask("POST", "/pause"));
  EXPECT_NE(ask("GET", "/status").value().find("paused by " + who() + " at "), std::string::npos);
  EXPECT_TRUE(text::in(text::Lang::zh, ledger_.store.note(ports::Note::paused)).starts_with("由 " + who() + " 于 "));
}

TEST_F(ServerTest, WhatCheckAsksIsAnswered) {
  has_two_in_doubt();
  ASSERT_TRUE(open());
  const auto doubts = parse_doubts(ask("GET", "/doubts").value());
  ASSERT_TRUE(doubts);
  ASSERT_EQ(doubts->size(), 2);
  EXPECT_EQ(doubts->at(1).order_hash, 20);
  EXPECT_EQ(parse_why(ask("GET", "/content/abcd/2024-01-15T00:00:00.000Z").value()).value(), "");
  EXPECT_FALSE(ask("GET", "/content/abcd"));
}

TEST_F(ServerTest, WhatIsUnknownIsRefusedInWords) {
  ASSERT_TRUE(open());
  for (const auto& [method, target, words] : std::vector<std::array<std::string, 3>>{
           {"GET", "/jobs/20240115-9", "no job 20240115-9; `sluice history` lists them"},
           {"POST", "/jobs/20240115-9/hold", "no job 20240115-9; `sluice history` lists them"},
           {"GET", "/jobs/nine", "nine is no job: expected YYYYMMDD-N"},
           {"GET", "/jobs/20240115-3/hold", "no such command"},
           {"POST", "/jobs/20240115-3/burn", "no such command"},
           {"GET", "/pause", "no such command"},
           {"GET", "/", "no such command"}}) {
    const auto answer = ask(method, target);
    ASSERT_FALSE(answer) << target;
    EXPECT_EQ(text::in(text::Lang::en, answer.error().words), words);
  }
}

TEST_F(ServerTest, NobodyListeningIsMissing) {
  const auto answer = ask("GET", "/status");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::missing);
}

TEST_F(ServerTest, AProcessThatDoesNotAnswerIsSaidToBeThat) {
  boost::asio::io_context io;
  boost::asio::local::stream_protocol::acceptor deaf(io, socket.string());
  const auto answer = control::ask(socket.string(), {"GET", "/status"}, ::geteuid(), std::chrono::milliseconds(20));
  ASSERT_FALSE(answer);
  EXPECT_NE(answer.error().words.find("does not answer"), std::string::npos) << answer.error().words;
}

TEST_F(ServerTest, WhoeverConnectsAndSaysNothingIsCutOff) {
  limits.request = std::chrono::milliseconds(20);
  ASSERT_TRUE(open());
  Raw silent(socket);
  EXPECT_EQ(silent.rest(), "") << "ends when the server closes";
  Raw half(socket);
  half.say("GET /status HTTP");
  EXPECT_EQ(half.rest(), "");
  EXPECT_EQ(pause(), "none");
}

TEST_F(ServerTest, TheDaemonsOwnUserGetsInHoweverManyAreConnected) {
  limits.connections = 2;
  limits.request = std::chrono::hours(1);
  ASSERT_TRUE(open());
  Raw first(socket);
  const Raw second(socket);
  const Raw third(socket);
  EXPECT_EQ(pause(), "none");
  first.say("GET /status HTTP/1.1\r\nHost: sluice\r\nConnection: close\r\n\r\n");
  EXPECT_NE(first.rest().find("200 OK"), std::string::npos) << "none of its own goes for another";
}

TEST(Peer, RootAndOurOwnUserAreTrustedAndNobodyElse) {
  EXPECT_TRUE(Peer{.user = 0}.is_trusted());
  EXPECT_TRUE(Peer{.user = ::geteuid()}.is_trusted());
  EXPECT_FALSE(Peer{.user = ::geteuid() + 1}.is_trusted());
  EXPECT_FALSE(Peer{}.is_trusted()) << "who it is was not told";
}

TEST_F(ServerTest, AProcessThatEndsInsteadOfAnsweringIsSaidToHaveEnded) {
  boost::asio::io_context io;
  boost::asio::local::stream_protocol::acceptor acceptor(io, socket.string());
  std::thread ends([&] { acceptor.accept().close(); });
  const auto answer = ask("GET", "/status");
  ends.join();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::network) << answer.error().words;
}

TEST_F(ServerTest, ASocketThatADeadProcessLeftIsReplaced) {
  {
    boost::asio::io_context other;
    boost::asio::local::stream_protocol::acceptor left(other, boost::asio::local::stream_protocol::endpoint(socket));
  }
  ASSERT_TRUE(fs::is_socket(socket)) << "nobody took it away";
  ASSERT_TRUE(open());
  EXPECT_EQ(pause(), "none");
}

TEST_F(ServerTest, AFileThatIsNoSocketIsLeftAlone) {
  std::ofstream(socket) << "somebody's";
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
  EXPECT_TRUE(fs::is_regular_file(socket));
}

TEST_F(ServerTest, APathThatCannotBeASocketIsAConfigError) {
  socket = socket.parent_path() / std::string(120, 'x');
  const auto opened = open();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace sluice::control
