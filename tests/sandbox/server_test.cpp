#include "sandbox/server.hpp"

#include <gtest/gtest.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <thread>

#include "adapters/temp_folder.hpp"

namespace sluice::sandbox {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr auto kCreate = "/prod-api/acdn/volc/hostAcceleratePackRest/createHostAcceleratePackOrder";
constexpr auto kOrder =
    R"({"packOrder":[{"douyinId":"70","source":"联通","uid":"94","endMonthTime":"2099-02","isRenew":false}]})";

/// A real server on a thread of its own, stopped and joined at the end.
class Running {
 public:
  explicit Running(Options options) : options_(std::move(options)), api_(options_), server_(context_, api_, options_) {
    url_ = server_.listen().value();
    const auto colon = url_.rfind(':');
    port_ = static_cast<std::uint16_t>(std::stoi(url_.substr(colon + 1)));
    thread_ = std::thread([this] { context_.run(); });
  }
  ~Running() {
    asio::post(context_, [this] { server_.stop(); });
    thread_.join();
  }
  asio::ip::tcp::endpoint endpoint() const { return {asio::ip::address_v4::loopback(), port_}; }
  const std::string& url() const { return url_; }

 private:
  Options options_;
  asio::io_context context_;
  Api api_;
  Server server_;
  std::string url_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

http::request<http::string_body> request() {
  http::request<http::string_body> message{http::verb::post, kCreate, 11};
  message.set(http::field::host, "localhost");
  message.set(http::field::authorization, "secret");
  message.body() = kOrder;
  message.prepare_payload();
  return message;
}

/// Sends one request and reads its answer; the error that came instead, and whether the connection was to stay.
template <class Stream>
error_code exchange(Stream& stream, http::response<http::string_body>& answer) {
  error_code error;
  http::write(stream, request(), error);
  if (error) return error;
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::uint64_t{64} << 20U);
  http::read(stream, buffer, parser, error);
  answer = parser.release();
  return error;
}

error_code exchange_over_plain(const char* fault, http::response<http::string_body>& answer) {
  Options options;
  if (fault != nullptr) options.faults.push_back(parse_fault(fault).value());
  const Running running(options);
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(running.endpoint());
  return exchange(socket, answer);
}

TEST(SandboxServer, PrintsItsBaseUrl) {
  const Running running{Options{}};
  EXPECT_EQ(running.url(), "http://127.0.0.1:" + std::to_string(running.endpoint().port()) + "/prod-api/");
}

TEST(SandboxServer, KeepsConnectionsAlive) {
  const Running running{Options{}};
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(running.endpoint());
  http::response<http::string_body> answer;
  for (const int status : {1, 6, 6}) {
    ASSERT_FALSE(exchange(socket, answer));
    EXPECT_NE(answer.body().find("\"status\":" + std::to_string(status)), std::string::npos) << answer.body();
    EXPECT_TRUE(answer.keep_alive());
  }
}

TEST(SandboxServer, BreaksAnswersAsAsked) {
  http::response<http::string_body> answer;
  EXPECT_EQ(exchange_over_plain("reset-before", answer), asio::error::connection_reset);
  EXPECT_EQ(exchange_over_plain("reset-after", answer), asio::error::connection_reset);
  EXPECT_EQ(exchange_over_plain("close", answer), http::error::end_of_stream);
  EXPECT_EQ(exchange_over_plain("truncate", answer), http::error::partial_message);
  EXPECT_FALSE(exchange_over_plain("say-close", answer));
  EXPECT_FALSE(answer.keep_alive());
  EXPECT_FALSE(exchange_over_plain("huge", answer));
  EXPECT_GT(answer.body().size(), std::size_t{8} << 20U);
}

TEST(SandboxServer, ClosesWithoutAWordAfterAnAnswerThatPromisedMore) {
  Options options;
  options.faults.push_back(parse_fault("drop-after").value());
  const Running running(options);
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  socket.connect(running.endpoint());
  http::response<http::string_body> answer;
  ASSERT_FALSE(exchange(socket, answer));
  EXPECT_TRUE(answer.keep_alive());
  char byte = 0;
  error_code error;
  socket.read_some(asio::buffer(&byte, 1), error);
  EXPECT_EQ(error, asio::error::eof);
}

TEST(SandboxServer, StopsWhileARequestHangs) {
  Options options;
  options.faults.push_back(parse_fault("hang").value());
  asio::io_context context;
  asio::ip::tcp::socket socket(context);
  http::response<http::string_body> answer;
  {
    const Running running(options);
    socket.connect(running.endpoint());
    http::write(socket, request());
  }
  boost::beast::flat_buffer buffer;
  error_code error;
  http::read(socket, buffer, answer, error);
  EXPECT_TRUE(error);
}

TEST(SandboxServer, ServesTlsForLocalhostWithAnAuthorityMadeForIt) {
  const adapters::TempFolder folder;
  {
    Options options;
    options.tls_dir = folder / "tls";
    const Running running(options);
    EXPECT_TRUE(running.url().starts_with("https://localhost:")) << running.url();
    asio::io_context context;
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(options.tls_dir + "/ca.pem");
    asio::ssl::stream<asio::ip::tcp::socket> stream(context, tls);
    stream.set_verify_mode(asio::ssl::verify_peer);
    stream.set_verify_callback(asio::ssl::host_name_verification("localhost"));
    stream.lowest_layer().connect(running.endpoint());
    stream.handshake(asio::ssl::stream_base::client);
    http::response<http::string_body> answer;
    EXPECT_FALSE(exchange(stream, answer));
    EXPECT_EQ(answer.result_int(), 200U);
  }
}

TEST(SandboxServer, IsForThisMachineOnly) {
  asio::io_context context;
  for (const auto* address : {"0.0.0.0", "192.0.2.1", "::", "localhost"}) {
    Options options;
    options.bind = address;
    Api api(options);
    Server server(context, api, options);
    const auto url = server.listen();
    ASSERT_FALSE(url) << address;
    EXPECT_EQ(url.error().kind, ErrorKind::usage);
  }
}

}  // namespace
}  // namespace sluice::sandbox
