#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/ids.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/pipeline/operator_command.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/pipeline/rate_history.hpp"
#include "sluice/pipeline/status.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/gate_store.hpp"
#include "sluice/ports/hosts.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/ports/upstream.hpp"

namespace sluice::pipeline {

/// The outside, owned by the composition root (or a simulation), which outlives the engine.
struct Ports {
  ports::Clock& clock;
  ports::Spool& spool;
  ports::Ledger& ledger;
  ports::GateStore& gate;
  ports::Upstream& upstream;
  ports::Hosts& hosts;
};

/// The pipeline: claims, surveys, sends and finishes, on one thread. Everything it starts it also joins: run() and
/// drain() return only when nothing of theirs runs any more.
class Engine {
 public:
  Engine(const boost::asio::any_io_executor& executor, Ports ports, config::Settings settings);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// The daemon: until stop(). 0, or an Error (kind corrupt, config, io: exit 78) if it could not begin.
  ports::Task<Result<int>> run();
  /// One shot: what is in the inbox now and what was left unfinished; exit code 0 to 3 (docs/contract.md).
  ports::Task<Result<int>> drain(std::optional<Nanos> within);

  /// Publishes the jobs whose rows are all settled; takes and sends nothing. For `recover`. Exit code 0, 1 or 3.
  ports::Task<Result<int>> publish_settled();

  /// Two steps: nothing new starts, what is in flight has stop.grace to finish, then it is cut and recorded as
  /// maybe_applied. Safe to call twice.
  void stop();
  /// Takes over what can change; reads the credential again and ends pauses that it may end.
  void reload(config::Settings settings);

  Status status() const;
  /// Jobs at work at other hosts, as read within the last seconds.
  const std::vector<ports::Hosts::JobElsewhere>& jobs_elsewhere() const;
  /// The seconds from then on in which requests started or ended; at most the last ten minutes.
  std::vector<RateSecond> rates(std::chrono::sys_seconds since) const;
  /// Files in the inbox that are not taken yet, by name.
  std::vector<WaitingFile> waiting_files() const;
  /// Calls `tell`, on the executor's thread and perhaps often, when status() has become another one by more than the
  /// time that passes. One listener at a time; null ends it, and nothing is done for nobody.
  void on_change(std::function<void()> tell);

  /// Of orders that somebody thinks of dropping (orders::Order::element() of each, each once): those that were accepted
  /// before. None where guard.placed_before says that nobody looks.
  ports::Task<Result<PlacedBefore>> placed_before(std::vector<std::string> elements);

  /// Operator's work on one job or on the line; the words say what was done. Kind `missing`: no such job;
  /// `usage`: it can't be done to a job in this state.
  /// A job that another host of the account works is commanded there (pipeline/errand.hpp).
  /// `user`: who says so, by name; kept, and shown.
  ports::Task<Result<std::string>> command(Command what, JobId job, std::string user);
  ports::Task<Result<std::string>> resolve(Resolution resolution, std::string user);
  ports::Task<Result<std::string>> pause(std::string user);
  ports::Task<Result<std::string>> resume(std::string user);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace sluice::pipeline
