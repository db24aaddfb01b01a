#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "job.hpp"
#include "journal.hpp"
#include "sluice/base/time.hpp"
#include "sluice/config/settings.hpp"
#include "sluice/ports/spool.hpp"

namespace sluice::pipeline {

/// Free bytes that nothing begins without, beside what it needs itself (ARCHITECTURE.md, The life of a job).
inline constexpr std::uint64_t kSpareRoom = 64ULL << 20;

/// Which files have waited so long for one reason that they belong in the log, each once: most waits are over in a
/// moment. Pure.
class LongWaits {
 public:
  explicit LongWaits(Nanos patience) : patience_(patience) {}
  /// `waiting`: all that wait now, each with why. The names of those that have just waited long enough.
  std::vector<std::string> look(const std::map<std::string, std::string>& waiting, Boottime now);

 private:
  struct Wait {
    std::string why;
    std::optional<Boottime> report_at;  ///< none: it has been
  };
  Nanos patience_;
  std::map<std::string, Wait> waits_;
};

/// Claims files: the ledger learns of each before it leaves the inbox.
class Intake {
 public:
  struct Parts {
    ports::Clock& clock;
    ports::Spool& spool;
    Journal& journal;
    Jobs& jobs;
    const config::Settings& settings;
    const Stop& stop;
    std::function<std::uint64_t()> next_job;
    std::function<void(Job&)> claimed;  ///< begins its work
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
  enum class Claim : std::uint8_t { made, not_now };
  ports::Task<Claim> claim(ports::InboxEntry entry);
  ports::Task<bool> has_room(const ports::InboxEntry& entry);
  ports::Task<Claim> take(ports::JobHeader header, std::uint32_t owner, std::unique_ptr<ports::Candidate> candidate);
  enum class Room : std::uint8_t { some, not_for_its_owner, none };
  Room room_for(const ports::InboxEntry& entry) const;
  ports::Task<bool> claim_all(std::vector<ports::InboxEntry> entries);
  void log_left_behind(const std::set<std::string>& names) const;
  bool is_put_off(const ports::InboxEntry& entry) const;
  void put_off(const ports::FileIdentity& file, const std::string& name, ErrorKind why);
  static std::map<std::string, std::string> waiting_of(const ports::InboxScan& inbox);
  static void tell_waiting(const std::string& name, const std::string& words);
  void wait_with_words(const std::string& name, const std::string& words);

  Parts parts_;
  std::map<std::string, std::string> waiting_;
  LongWaits long_waits_;
  /// What could not be claimed. Each try costs a number and a line of the ledger.
  struct PutOff {
    ports::FileIdentity file;
    Boottime at_least{};  ///< until then, whatever happens to it
    Boottime at_most{};   ///< until then, as long as it stays as it is
  };
  std::map<std::string, PutOff> put_off_;
};

}  // namespace sluice::pipeline
