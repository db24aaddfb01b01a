#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"

namespace sluice::sandbox {

/// What happens to an answer.
enum class Act : std::uint8_t {
  replace,     ///< the kind's own status and body instead of rows
  drop_row,    ///< rows, but the last one is missing
  shuffle,     ///< rows in another order
  gbk,         ///< rows, in GB18030 instead of UTF-8
  bare,        ///< rows as `data` itself or in the other shape: an array where an object is due and the other way round
  truncate,    ///< half of the announced body, then the end of the connection
  slow,        ///< in small pieces, over three seconds
  say_close,   ///< whole, with `Connection: close`
  drop_after,  ///< whole, and the connection closes without a word, as an idle one might
  reset,       ///< no answer: TCP reset
  close,       ///< no answer: the connection ends
  hang,        ///< no answer, ever
};

/// One row of the table of faults, named as on the command line.
struct FaultKind {
  std::string_view name;
  bool applied;  ///< whether the orders are applied all the same; `NAME-applied` and `NAME-unapplied` turn it round
  Act act;
  int status;
  std::string_view content_type;
  std::string_view headers;  ///< whole lines
  std::string_view body;     ///< empty with `replace`: 9 MiB of rows
  std::string_view words;
};
std::span<const FaultKind> fault_kinds();

/// A fault and when it strikes: `KIND[:CHANCE][@FROM[-[TO]]]`. KIND is a name of the table, an HTTP status,
/// `too-large:N` (413 for more than N orders) or `statusN` (an order is answered N and not applied; `status9` means the
/// service's *internal error*, which is 10 for modify).
struct Fault {
  std::string spec;
  FaultKind kind{};
  std::optional<int> order_status;  ///< strikes orders, not requests
  std::size_t least_orders = 0;     ///< strikes requests of at least so many orders
  double chance = 1;
  std::uint64_t from = 1;  ///< request numbers, counted from when the plan was made
  std::uint64_t to = std::numeric_limits<std::uint64_t>::max();
};

/// Kind usage: no such fault; the words name what there is.
Result<Fault> parse_fault(std::string_view spec);

/// Which faults strike which requests. The same seed and numbers give the same faults.
class FaultPlan {
 public:
  FaultPlan() = default;
  /// `first`: the number of the next request; ranges count from it.
  FaultPlan(std::vector<Fault> faults, std::uint64_t seed, std::uint64_t first);

  /// The first fault that strikes this request, or nothing.
  const Fault* for_request(std::uint64_t number, std::size_t orders) const;
  /// The first fault that strikes this order of the request, or nothing.
  const Fault* for_order(std::uint64_t number, std::size_t index) const;
  std::span<const Fault> faults() const { return faults_; }

 private:
  bool strikes(std::size_t fault, std::uint64_t number, std::uint64_t salt) const;

  std::vector<Fault> faults_;
  std::uint64_t seed_ = 0;
  std::uint64_t first_ = 1;
};

}  // namespace sluice::sandbox
