#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer_rows.hpp"
#include "fault.hpp"
#include "order_memory.hpp"
#include "sluice/base/error.hpp"
#include "sluice/base/time.hpp"

namespace sluice::sandbox {

/// An order that exists before the first request, so that updates have something to work on.
struct KnownOrder {
  std::string order_id;
  std::string uid;
  std::string douyin_id;       ///< empty: any
  std::string end_month_time;  ///< empty: it renews
};

/// The sandbox's command line.
struct Options {
  std::string bind = "127.0.0.1";  ///< loopback only
  std::uint16_t port = 0;          ///< 0: the system picks
  std::string port_file;
  std::string tls_dir;
  std::string authorization;       ///< empty, and no file: any value that is not empty
  std::string authorization_file;  ///< read at each request
  bool unauthorized_in_body = false;
  std::uint32_t rate = 10;  ///< requests in any second; 0: no limit
  Nanos latency{};
  Nanos jitter{};
  Nanos
      stall{};  ///< now and then all of it stands still for so long, as a service does that collects garbage; 0: never
  Nanos stall_every = std::chrono::seconds(10);
  Nanos repeat_guard{};  ///< how long an identical body is refused; 0: never
  Nanos keep_alive = std::chrono::seconds(75);
  std::size_t max_body = std::size_t{1} << 20U;  ///< nginx's default
  std::size_t keep_requests = 20'000;
  Rules rules;
  StatusAs status_as = StatusAs::integer;
  std::string state_file;
  std::optional<WallTime> now;  ///< what the clock shows at the start
  bool frozen = false;          ///< the clock stays there
  std::uint64_t seed = 1;
  std::vector<Fault> faults;
  std::vector<KnownOrder> known_orders;
};

/// What a command line comes to: options, or an exit code with everything printed already (help, a mistake: 64).
struct Parsed {
  std::optional<Options> options;
  int exit_code = 0;
};
Parsed parse_options(int argc, const char* const* argv);

/// `ORDERID:UID[:DOUYINID[:END]]`.
Result<KnownOrder> parse_known_order(std::string_view text);

/// `20ms`, `5s`, `2m`; a bare `0`.
Result<Nanos> parse_duration(std::string_view text);

}  // namespace sluice::sandbox
