#pragma once

#include "sluice/pipeline/sender.hpp"

namespace sluice::pipeline {

/// One batch on its way, from being chosen to being settled or put back.
struct Sender::Sent {
  Job& job;
  Waiting waiting;
  bool probe = false;
  bool consumed = false;  ///< nothing is left of it to put back
  std::vector<orders::Order> orders;
  std::string path;
  std::string body;
  std::unique_ptr<ports::Connection> connection;
  std::optional<ports::Batch> before_announce;
  Gate::Taken taken;
};

}  // namespace sluice::pipeline
