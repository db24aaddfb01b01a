#pragma once

#include <string>
#include <vector>

#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

/// What the socket's addresses mean; knows nothing of sockets.
class Routes {
 public:
  struct Asked {
    std::string method;
    std::string target;
    std::string body;
    std::string user;  ///< who asks, by name
  };
  struct Answer {
    unsigned status = 200;
    std::string body;
    std::string_view type = "application/json";
  };
  Routes(pipeline::Engine& engine, ports::Ledger& ledger) : engine_(engine), ledger_(ledger) {}

  ports::Task<Answer> answer(Asked asked);

 private:
  ports::Task<Answer> job(Asked asked);
  ports::Task<Answer> resolve(JobId job, std::string how, Asked asked);
  ports::Task<Answer> find(std::string body);
  ports::Task<Answer> placed(std::string body);
  ports::Task<Answer> doubts();
  ports::Task<Answer> content(std::string rest);

  /// Of the host that works it, if it is another.
  std::string host_of(JobId job) const;
  std::vector<ports::JobHeader> headers_elsewhere() const;

  pipeline::Engine& engine_;
  ports::Ledger& ledger_;
};

}  // namespace sluice::control
