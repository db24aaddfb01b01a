#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api.hpp"
#include "ledger_store.hpp"
#include "scenario.hpp"
#include "timeline.hpp"
#include "trace.hpp"

namespace sluice::simulation {

/// One row of one job, as the outside saw it. A job is counted, not a file: a claim can come to nothing.
struct RowFacts {
  std::vector<std::uint64_t> posts;       ///< sendings that carried it, of which a byte may have left
  std::vector<std::uint64_t> applied_by;  ///< sendings of ours that got it applied
  std::uint64_t in_flight = 0;            ///< the sending under way; 0: none
  bool maybe_applied = false;             ///< an attempt ended without a certain answer
  bool untold = false;                    ///< it was answered, with a status that tells nothing
  bool turned_away = false;               ///< its last answer was a no that says nothing of it, and consumes nothing
};

/// Sees every request leave and arrive, and holds each against what is durable at that very moment.
class Witness {
 public:
  Witness(const Scenario& scenario, const LedgerStore& ledger, Trace& trace);

  /// A request is about to leave. Its number.
  std::uint64_t request_starts(Nanos now, const std::string& path, const std::string& body, Owner by = Owner::process);
  void applied(std::uint64_t post, std::size_t index);
  /// The engine has this answer in its hands.
  void answer_read(Nanos now, std::uint64_t post, const Reply& reply);
  /// It ended without one.
  void broke(std::uint64_t post, bool bytes_out);
  void process_died();
  /// One of several hosts died, or has been taken over and does not know it: what it has in flight may have been
  /// applied, and what it reads from now on is lost. `its`: the jobs that it had.
  void host_gone(Owner host, const std::function<bool(JobId)>& its);
  /// Where several hosts share the ledger: whether a job is a host's.
  std::function<bool(Owner, JobId)> belongs_to;
  /// It died without a chance to write down what it had just read.
  void crashed(Nanos now);
  /// The gate's file is of an earlier boot: what it was told is lost.
  void rebooted() { closures_.clear(); }
  /// Somebody gave the line a reason to go on: a reload, a start.
  void line_may_open() {
    for (auto& [host, line] : lines_) line.closed.reset();
  }
  void line_may_open(Owner host) { lines_[host].closed.reset(); }
  /// The operator was told so.
  void paused() { paused_ = true; }
  void resumed() {
    paused_ = false;
    line_may_open();
  }
  /// So does a new credential, of which answers to what was sent before say nothing.
  void new_credential(Nanos now, Owner host = Owner::process) {
    lines_[host].credential_since = now;
    line_may_open(host);
  }

  void violated(std::string words);
  const std::vector<std::string>& violations() const { return violations_; }
  const RowFacts* facts(std::uint64_t job, std::uint64_t row) const;
  std::uint64_t posts() const { return posts_.size(); }
  /// How many requests started from `from` on and before `to`.
  std::uint64_t posts_between(Nanos from, Nanos to) const;
  /// How many rows an attempt left open whether they were applied.
  std::uint64_t rows_maybe_applied() const;
  /// Whether an order of this key, from any row but this one, was applied or can have been.
  bool overlapped(std::uint64_t job, std::uint64_t row, const std::string& key) const;
  const FilePlan* file_of(const std::string& name) const;

 private:
  struct RowName {
    std::uint64_t job;
    std::uint64_t row;
    friend auto operator<=>(const RowName&, const RowName&) = default;
  };
  struct Post {
    Nanos at{};
    Owner by = Owner::process;
    bool disowned = false;  ///< by a host that is gone: no answer to it counts
    std::vector<RowName> rows;
    BatchId batch{};
    bool first = false;  ///< of its batch
    std::uint32_t day = 0;
    std::uint64_t first_sends = 0;  ///< counted in that day's cap
  };
  const ports::Batch* announced(const std::string& path, const std::vector<ArrivedOrder>& orders) const;
  bool carries(const ports::Batch& batch, const std::vector<ArrivedOrder>& orders) const;
  void check_row(const RowName& name, const RowPlan& plan, Nanos now);
  void check_doubts(const ports::Batch& batch, const std::string& body);
  void check_content(JobId job);
  void check_line(Nanos now, std::uint64_t post);
  void forget_answers(const std::function<bool(JobId)>& its);
  void check_caps(Nanos now, const ports::Batch& batch, Post& post);
  void concluded(const RowName& name, std::uint64_t post, bool maybe);
  void never_left(const Post& sent, std::uint64_t post);
  bool settled(const RowName& name) const;

  const Scenario& scenario_;
  const LedgerStore& ledger_;
  Trace& trace_;
  std::map<std::string, const FilePlan*> files_;
  std::vector<Post> posts_;
  std::map<RowName, RowFacts> rows_;
  std::map<std::string, std::vector<RowName>> by_key_;  ///< rows ever sent, by service and key
  std::map<BatchId, std::string> bodies_;               ///< as first sent
  /// What answers said of all sending: heard by the host that read them.
  struct Line {
    Nanos credential_since{0};
    std::optional<Nanos> closed;
    std::optional<Nanos> closed_before_probe;
    std::uint64_t probe = 0;  ///< the sending the closed line was allowed
  };
  std::map<Owner, Line> lines_;
  struct Closure {
    Nanos read_at;
    Nanos until;
    Owner by;
  };
  std::vector<Closure> closures_;                       ///< by Retry-After
  std::map<std::uint32_t, std::uint64_t> first_sends_;  ///< by day, of jobs that nobody has released
  bool paused_ = false;                                 ///< by the operator
  std::vector<std::string> violations_;
};

}  // namespace sluice::simulation
