#pragma once

#include <string>

#include "sluice/pipeline/engine.hpp"
#include "sluice/ports/ledger.hpp"

namespace sluice::control {

/// What the socket's addresses mean; knows nothing of sockets.
class Routes {
 public:
  struct Answer {
    unsigned status = 200;
    std::string body;  ///< JSON
  };
  Routes(pipeline::Engine& engine, ports::Ledger& ledger) : engine_(engine), ledger_(ledger) {}

  ports::Task<Answer> answer(std::string method, std::string target);

 private:
  ports::Task<Answer> job(std::string method, std::string rest);

  pipeline::Engine& engine_;
  ports::Ledger& ledger_;
};

}  // namespace sluice::control
