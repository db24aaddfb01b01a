#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "job.hpp"
#include "journal.hpp"
#include "long_waits.hpp"
#include "put_off.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/ports/task_group.hpp"

namespace sluice::pipeline {

/// Free bytes that nothing begins without, beside what it needs itself (ARCHITECTURE.md, The life of a job).
inline constexpr std::uint64_t kSpareRoom = 64ULL << 20;

/// Claims files: the ledger learns of each before it leaves the inbox.
class Intake {
 public:
  struct Parts {
    boost::asio::any_io_executor executor;
    ports::Clock& clock;
    ports::Spool& spool;
    Journal& journal;
    Jobs& jobs;
    const config::Settings& settings;
    const Stop& stop;
    std::function<void(Job&)> claimed;      ///< begins its work
    std::function<void()> changed = [] {};  ///< other files wait than before, or for other reasons
  };
  explicit Intake(Parts parts);

  /// Until a stop.
  ports::Task<void> run();
  enum class Inbox : std::uint8_t {
    taken,  ///< all of it that was ready, or came to rest in time
    left,   ///< not all of that: a stop, no room, not readable
  };
  /// Claims what is in the inbox at its start, waiting only for files that are coming to rest.
  ports::Task<Inbox> once();

  /// Files that are not taken yet, each with why.
  const std::map<std::string, std::string>& waiting() const { return waiting_; }

 private:
  ports::Task<Result<ports::InboxScan>> scan();
  /// A file that is about to be claimed.
  struct Announced {
    ports::JobHeader header;
    std::uint32_t owner = 0;
    std::unique_ptr<ports::Candidate> candidate;
  };
  /// Adds it to those that are claimed next, if it can be opened now.
  ports::Task<void> open(ports::InboxEntry entry);
  bool has_room(const ports::InboxEntry& entry);
  /// Announces those that were opened in one commit, then takes them side by side.
  ports::Task<void> claim();
  ports::Task<void> take(Announced file);
  ports::Task<bool> is_taken(const Announced& file, const Error& why_not);
  enum class Room : std::uint8_t { some, not_for_its_owner, none };
  Room room_for(const ports::InboxEntry& entry) const;
  /// What became of the ready files of a scan.
  struct Claimed {
    std::set<std::string> files;  ///< by name
    bool some_wait;               ///< for their turn
    bool some_failed;
  };
  ports::Task<Claimed> claim_all(std::vector<ports::InboxEntry> entries);
  ports::Task<void> claim_some(std::vector<ports::InboxEntry>& entries);
  void log_left_behind(const std::set<std::string>& names) const;
  static std::map<std::string, std::string> waiting_of(const ports::InboxScan& inbox);
  static void tell_waiting(const std::string& name, const std::string& words);
  void wait_with_words(const std::string& name, const std::string& words);
  void wait_unless_gone(const std::string& name, const Error& why);

  Parts parts_;
  std::vector<Announced> next_;     ///< to be claimed together
  std::set<std::string> claimed_;   ///< of the last scan, by name
  Result<std::uint64_t> free_ = 0;  ///< bytes, less what was promised since they were counted
  std::map<std::string, std::string> waiting_;
  LongWaits long_waits_;
  PutOff put_off_;
  ports::TaskGroup claims_;  ///< last: they use all of the above
};

}  // namespace sluice::pipeline
