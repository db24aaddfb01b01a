#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

#include "adapters/set_clock.hpp"
#include "adapters/temp_folder.hpp"
#include "adapters/upstream/scripted_peer.hpp"
#include "sluice/adapters/upstream/upstream.hpp"

namespace sluice::adapters::upstream {

using Outcome = std::expected<orders::HttpReply, ports::Broken>;
using Connection = std::unique_ptr<ports::Connection>;

inline std::string answer(const std::string& body, const std::string& status = "200 OK", const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\n" + more +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// An upstream against scripted peers, all on one thread; time for the pool's idleness is the test's to move.
class UpstreamTest : public testing::Test {
 protected:
  static constexpr const char* kCredential = "Bearer s3cret-t0ken";

  UpstreamTest() { put_credential(kCredential); }

  void put_credential(const std::string& value) {
    std::ofstream(credential_) << value;
    std::filesystem::permissions(credential_, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }

  config::Settings::Upstream settings(const std::string& base_url) {
    config::Settings::Upstream s;
    s.base_url = base_url;
    s.authorization = {config::CredentialSource::From::file, credential_};
    s.connect_timeout = std::chrono::minutes(1);
    s.response_timeout = std::chrono::minutes(1);
    return s;
  }

  void open(const config::Settings::Upstream& with) {
    auto opened = BeastUpstream::open(context_.get_executor(), with, clock_);
    ASSERT_TRUE(opened) << opened.error().words;
    upstream_ = std::move(*opened);
  }

  /// Begins it; run() or finish() let it go on.
  template <class T>
  std::shared_ptr<std::optional<T>> start(ports::Task<T> task) {
    auto result = std::make_shared<std::optional<T>>();
    boost::asio::co_spawn(context_, std::move(task), [result](std::exception_ptr failed, T value) {
      if (failed) std::rethrow_exception(failed);
      *result = std::move(value);
    });
    return result;
  }

  template <class Condition>
  void until(Condition condition) {
    context_.restart();
    while (!condition()) ASSERT_GT(context_.run_one(), 0U) << "nothing left that could make it come true";
  }

  /// Until nothing is left to do but to wait.
  void let_all_happen() {
    context_.restart();
    while (context_.poll() > 0) {
    }
  }

  template <class T>
  T finish(ports::Task<T> task) {
    const auto result = start(std::move(task));
    until([&] { return result->has_value(); });
    return std::move(**result);
  }

  Result<Connection> connect() { return finish(upstream_->connect()); }

  ports::Task<Outcome> post_on(ports::Connection& connection, std::string body = "{}") {
    return connection.post("acdn/create", std::move(body), "r-1",
                           {.written = [this] { ++written_; }, .acknowledged = [this](Nanos) { ++acknowledged_; }});
  }

  /// A whole exchange on a lease of its own.
  Outcome post(std::string body = "{}") {
    Result<Connection> connection = connect();
    if (!connection) return std::unexpected(ports::Broken{false, connection.error()});
    return finish(post_on(**connection, std::move(body)));
  }

  boost::asio::io_context context_;
  SetClock clock_;
  TempFolder folder_;
  std::string credential_ = folder_ / "authorization";
  std::unique_ptr<BeastUpstream> upstream_;
  int written_ = 0;
  int acknowledged_ = 0;
};

}  // namespace sluice::adapters::upstream
