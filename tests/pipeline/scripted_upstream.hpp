#pragma once

#include <fmt/format.h>

#include <functional>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "fake_clock.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

/// The API in memory: takes a request's bytes at once and answers after `latency` what the script says.
class ScriptedUpstream final : public ports::Upstream {
 public:
  using Reply = std::expected<orders::HttpReply, ports::Broken>;

  ScriptedUpstream(FakeClock& clock, std::vector<std::string>& deeds) : clock_(clock), deeds_(deeds) {}

  static std::vector<std::string> uids(const std::string& body) {
    static const std::regex uid(R"re("uid":"(\d+)")re");
    std::vector<std::string> found;
    for (auto at = std::sregex_iterator(body.begin(), body.end(), uid); at != std::sregex_iterator(); ++at)
      found.push_back((*at)[1]);
    return found;
  }
  /// Every order of the body with this status.
  static Reply say(const std::string& body, int status = 1) {
    std::string rows;
    for (const auto& uid : uids(body))
      rows += fmt::format(R"({}{{"uid":"{}","status":{},"orderId":"9"}})", rows.empty() ? "" : ",", uid, status);
    return orders::HttpReply{.status = 200,
                             .content_type = "application/json",
                             .retry_after = {},
                             .date = {},
                             .body = R"({"msg":"ok","code":200,"data":[)" + rows + "]}"};
  }
  static Reply http(int status) { return orders::HttpReply{.status = status, .body = "{}"}; }
  static Reply lost() {
    return std::unexpected(ports::Broken{.bytes_out = true, .error = {ErrorKind::network, "reset"}});
  }

  ports::Task<Result<std::unique_ptr<ports::Connection>>> connect() override {
    ++connects;
    auto timer = clock_.timer();
    if (connecting > Nanos{0}) co_await timer->wait(clock_.now() + connecting);
    if (unreachable) co_return fail(ErrorKind::network, "no route");
    co_return std::make_unique<Line>(*this);
  }
  ports::Task<Result<bool>> refresh_credential() override { co_return false; }
  void cut() override {
    ++cuts_;
    for (auto* exchange : under_way_) exchange->wake();
  }

  Nanos latency = std::chrono::milliseconds(50);
  Nanos connecting{0};  ///< how long that takes
  std::function<Reply(const std::string& body)> script = [](const std::string& body) { return say(body); };
  std::vector<std::string> bodies;
  std::vector<Boottime> starts;
  int stale = 0;  ///< so many connections turn out to be closed when asked
  int connects = 0;
  bool unreachable = false;

 private:
  class Line final : public ports::Connection {
   public:
    explicit Line(ScriptedUpstream& api) : api_(api) {}
    bool usable() override {
      if (closed_ || api_.stale == 0) return !closed_;
      --api_.stale;
      closed_ = true;
      return false;
    }
    ports::Task<Reply> post(std::string, std::string body, std::string request, ports::Progress progress) override {
      api_.deeds_.push_back("bytes " + request);
      api_.starts.push_back(api_.clock_.now());
      api_.bodies.push_back(body);
      progress.written();
      auto timer = api_.clock_.timer();
      const auto cuts = api_.cuts_;
      api_.under_way_.insert(timer.get());
      co_await timer->wait(api_.clock_.now() + api_.latency);
      api_.under_way_.erase(timer.get());
      if (api_.cuts_ != cuts)
        co_return std::unexpected(ports::Broken{.bytes_out = true, .error = {ErrorKind::cancelled, "cut"}});
      api_.deeds_.push_back("answer " + request);
      co_return api_.script(body);
    }

   private:
    ScriptedUpstream& api_;
    bool closed_ = false;
  };

  FakeClock& clock_;
  std::vector<std::string>& deeds_;
  std::set<ports::Clock::Timer*> under_way_;
  int cuts_ = 0;
};

}  // namespace sluice::pipeline
