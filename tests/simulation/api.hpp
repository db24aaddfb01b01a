#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fault.hpp"
#include "random.hpp"
#include "scenario.hpp"
#include "sluice/orders/answer.hpp"
#include "trace.hpp"

namespace sluice::simulation {

/// A request on its way.
struct Request {
  std::uint64_t post = 0;  ///< which sending of ours it is; 0: somebody else's
  std::string path;
  std::string body;
  int credential = 0;
  bool late = false;        ///< arrives more than 250 ms after it was written: the pace promises nothing of it
  bool duplicate = false;   ///< the network's copy
  bool drops_rows = false;  ///< the answer comes without some of its rows
  bool slow = false;        ///< the API checks now, and commits later: see commit_late()
};

/// An answer and what it leaves known.
struct Reply {
  orders::HttpReply http;
  Certainty certainty = Certainty::maybe;
  bool closes_line = false;
  bool consumes_nothing =
      false;                  ///< a no that says nothing of the orders: a limiter's, a credential's, a wrong address
  std::vector<bool> has_row;  ///< Certainty::rows: by order sent
  std::vector<bool> untold;   ///< the row is there, and its status tells nothing
};

/// An order as it arrived.
struct ArrivedOrder {
  std::string key;
  std::string wire;
  std::string douyin_id;
};

/// Reads a request's body strictly; nothing: no body the API would take.
std::optional<std::vector<ArrivedOrder>> read_body(const orders::Service& service, const std::string& body);

/// The API of docs/api.md with a memory of its own of everything that reached it.
class Api {
 public:
  struct Listener {
    std::function<void(std::uint64_t post, std::size_t index)> applied;
    std::function<void(std::string words)> violated;
  };
  Api(const Scenario& scenario, const Weather& weather, Random random, Trace& trace, Listener listener);

  /// What it answers, now. `lie`: what stands in for its honest answer.
  Reply arrive(Nanos now, const Request& request, const Lie* lie);
  /// What a cache before it answers in its place.
  Reply cached(const Request& request);
  /// What it was still working on (Request::slow), perhaps when it was given up (Lie::late): of one sending, or all. It
  /// looked for overlaps when it began, as a service does that checks first and writes at the end.
  void commit_late(std::uint64_t post);
  void commit_late();

  /// The value it takes; a request with another is 401.
  int credential = 1;

  std::uint64_t arrivals() const { return arrivals_total_; }
  bool knows(const std::string& service_and_key) const { return taken_.contains(service_and_key); }

 private:
  struct Row {
    int status;
    std::string order_id;
  };
  struct Work {
    std::uint64_t post;
    std::size_t index;
    std::string key;
  };
  void apply(const Work& work);
  bool meets_work(const std::string& key, std::uint64_t post) const;
  bool over_the_limit(Nanos now, bool counts);
  const Lie* as_it_can_be(const Lie* lie, const std::vector<ArrivedOrder>& orders, std::string_view service) const;
  const Lie* objection(Nanos now, const Request& request, const std::vector<ArrivedOrder>& orders);
  Row handle(const orders::Service& service, const ArrivedOrder& order, std::uint64_t post, std::size_t index,
             bool late);

  const Scenario& scenario_;
  const Weather& weather_;
  Random random_;
  Trace& trace_;
  Listener listener_;
  std::map<std::string, ApiFate> fates_;
  std::set<std::string> taken_;                ///< service and key of all that was applied
  std::deque<std::pair<Nanos, bool>> window_;  ///< arrivals within the last `per`, and whether the promise covers them
  std::set<std::uint64_t> handled_;            ///< sendings whose orders were looked at
  struct Odds {
    std::uint32_t internal_error, odd_status;
  };
  std::map<std::uint64_t, Odds> odds_;   ///< by sending
  std::vector<Work> late_;               ///< checked, and not committed yet
  std::map<std::string, Nanos> bodies_;  ///< when each body was seen last
  std::uint64_t arrivals_total_ = 0;
  std::uint64_t next_order_id_ = 900'000'000'000'001;
};

/// In an answer's rows: stands for a status that tells nothing.
inline constexpr int kOddStatus = -1;

/// The bytes of an honest answer, in one of the dialects of docs/api.md, Reading answers.
struct HonestBody {
  std::string bytes;
  bool names_orders = true;  ///< each row says whose it is; else rows pair by index, if at all
};
HonestBody honest_body(const orders::Service& service, const std::vector<ArrivedOrder>& orders,
                       const std::vector<std::pair<int, std::string>>& rows, const std::vector<bool>& has_row,
                       Random& random);

}  // namespace sluice::simulation
