#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "api.hpp"
#include "life.hpp"
#include "scenario.hpp"
#include "sluice/ports/upstream.hpp"
#include "weather.hpp"
#include "witness.hpp"

namespace sluice::simulation {

/// What lies between processes and the API, and outlives the processes.
struct Outside {
  Timeline& timeline;
  const Scenario& scenario;
  const Weather& weather;
  Random random;
  Random acknowledgements;  ///< chance of their own: all else of a seed doesn't depend on them
  Trace& trace;
  Witness& witness;
  Api& api;
  int credential_file = 1;  ///< what the credential's source holds; 0: unreadable just now

  /// One way through the network.
  Nanos leg() { return random.between(weather.latency_low, weather.latency_high); }
};

/// One request and its answer, shared by the process that waits and the network.
struct Exchange {
  explicit Exchange(Life& life) : life(life), bell(life) {}
  Life& life;
  std::function<void(Nanos ago)> acknowledged;  ///< while it is under way
  std::optional<Reply> reply;
  bool reset = false;
  bool cut = false;
  Bell bell;
};

/// The API's host as one process sees it.
class SimUpstream final : public ports::Upstream {
 public:
  SimUpstream(Life& life, Outside& outside) : life_(life), outside_(outside), credential_(outside.credential_file) {}

  ports::Task<Result<std::unique_ptr<ports::Connection>>> connect() override;
  ports::Task<Result<bool>> refresh_credential() override;
  void cut() override;

  // For its connections:
  std::shared_ptr<Exchange> open_exchange();
  Life& life() { return life_; }
  Outside& outside() { return outside_; }
  int credential() const { return credential_; }
  /// Requests whose bytes a system call writes just now.
  std::uint32_t writing = 0;

 private:
  Life& life_;
  Outside& outside_;
  int credential_;
  std::vector<std::weak_ptr<Exchange>> open_;
};

class SimConnection final : public ports::Connection {
 public:
  explicit SimConnection(SimUpstream& upstream) : upstream_(upstream), idle_since_(upstream.life().now()) {}

  bool usable() override;
  ports::Task<std::expected<orders::HttpReply, ports::Broken>> post(std::string path, std::string body,
                                                                    std::string request_id,
                                                                    ports::Progress progress) override;

 private:
  using Outcome = std::expected<orders::HttpReply, ports::Broken>;
  Outcome conclude(std::uint64_t post, Exchange& exchange);
  Outcome broken(std::uint64_t post, bool bytes_out, ErrorKind kind, std::string words);

  SimUpstream& upstream_;
  Nanos idle_since_;
  bool closed_ = false;
};

/// Puts a fully written request on its way; what comes of it rings the exchange's bell, if anybody still listens.
void send(Outside& outside, Request request, std::weak_ptr<Exchange> exchange, Fault fault);

}  // namespace sluice::simulation
