#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>

#include "answer_rows.hpp"
#include "options.hpp"
#include "request_log.hpp"
#include "sluice/base/error.hpp"
#include "sluice/orders/service.hpp"
#include "state_file.hpp"

namespace sluice::sandbox {

class RequestBody;

/// A request as HTTP brought it. Views live for the call.
struct HttpRequest {
  std::string_view method;
  std::string_view target;
  std::string_view authorization;
  std::string body;
};

/// A request whose header has been read: it has its number and its place in the limit before anything else is known.
struct Arrival {
  const orders::Service* service = nullptr;  ///< nullptr: not one of the API's paths
  bool inspection = false;                   ///< a page of the sandbox's own: not counted
  bool admitted = true;
  std::uint64_t number = 0;
};

/// The API with its memory, limit and faults, without sockets and clocks. One thread.
class Api {
 public:
  explicit Api(Options options);

  /// Known orders and the state file.
  Result<void> load();

  /// `now`: CLOCK_MONOTONIC.
  Arrival arrived(std::string_view target, Nanos now);
  /// The answer, with everything it applied already remembered. `now` monotonic, `wall` for the API's calendar.
  Reply answer(const Arrival& arrival, HttpRequest request, Nanos now, WallTime wall);
  /// The last byte was handed over.
  void answered(const Reply& reply, Nanos now);

  const OrderMemory& memory() const { return memory_; }
  const RequestLog& log() const { return log_; }

 private:
  struct Outcome {
    Reply reply;
    std::string what;
    std::size_t orders = 0;
    std::size_t applied = 0;
  };
  Outcome judge(const Arrival& arrival, HttpRequest request, Nanos now, WallTime wall);
  Outcome apply(const Arrival& arrival, const RequestBody& body, const Fault* fault, WallTime wall);
  std::string create(std::uint64_t number, const RequestBody& body, Act act, WallTime wall);
  std::string update(std::uint64_t number, const RequestBody& body, Act act, WallTime wall);
  Placed place(const CreateOrder& order, const Fault* fault, WallTime wall);
  int place(const UpdateOrder& order, const Fault* fault, WallTime wall);
  bool authorized(std::string_view value) const;
  bool repeated(const std::string& body, Nanos now);
  Reply inspect(const HttpRequest& request, Nanos now);
  Reply set_faults(std::string_view specs);

  Options options_;
  OrderMemory memory_;
  StateFile state_;
  SlidingLimit limit_;
  RequestLog log_;
  FaultPlan plan_;
  std::deque<std::pair<Nanos, std::size_t>> bodies_;  ///< for the repeat guard: when, and the body's hash
};

}  // namespace sluice::sandbox
