#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sluice/config/settings.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/pipeline/placed_before.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/format.hpp"
#include "sluice/text/words.hpp"

namespace sluice::pipeline {

/// What this spool remembers of earlier files, for a check.
class EarlierFiles {
 public:
  virtual ~EarlierFiles() = default;
  virtual ports::Task<std::vector<ports::Doubt>> doubts() const = 0;
  /// Why a file of this content would be rejected. Nothing: it would not, or it can't be read.
  virtual ports::Task<std::optional<std::string>> why_not_again(ports::ClaimedFile& file) const = 0;
  /// Whether there is anybody to ask of orders at all.
  virtual bool may_know_orders() const = 0;
  /// Of these orders (orders::Order::element() of each), those that earlier jobs had accepted; none, where that is not
  /// known.
  virtual ports::Task<PlacedBefore> placed_before(std::vector<std::string> elements) const = 0;
};

/// What would become of a file, as plain data: `check` prints it, and the page shows it.
struct CheckReport {
  struct Column {
    std::string spelled;  ///< empty: it has no name
    std::string field;    ///< empty: carried, not sent
    std::string nearest;  ///< of a carried one: the header that may have been meant
  };
  /// What is said of one row.
  struct Complaint {
    std::uint64_t line = 0;                   ///< in JSON the order's number
    std::optional<records::Outcome> outcome;  ///< none: a warning; the order would be sent all the same
    std::string message;                      ///< in the check's language
  };
  /// Where the service's orders become active on a day.
  struct Activation {
    std::chrono::year_month_day day;        ///< of orders accepted now
    WallTime deadline{};                    ///< until when that day holds
    std::chrono::year_month_day day_after;  ///< of those accepted then
    std::uint64_t in_time = 0;              ///< orders that make it, at the pace of the settings
  };

  std::string rejected;  ///< why it would be refused as a whole; nothing below counts then. Empty: it would not be
  orders::ServiceId service{};
  records::Format format;
  std::vector<Column> columns;
  std::uint64_t rows = 0;
  std::uint64_t to_send = 0;
  std::uint64_t invalid = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t in_doubt = 0;
  std::vector<Complaint> complaints;  ///< the first ten thousand
  std::uint64_t unlisted = 0;         ///< how many more there are
  std::vector<text::Message> warnings;
  PlacedBefore placed;
  std::uint64_t requests = 0;
  double seconds = 0;  ///< that these take
  std::optional<Activation> activation;
  bool held_by_cap = false;  ///< the job would be held for guard.max_orders_per_file
  bool lines() const { return format.shape == records::Shape::delimited; }
};

/// Looks a whole file through, as a survey would. Sends nothing, writes nothing. `gives_up` is asked every few
/// milliseconds; true ends it with kind `cancelled`. Another error: it can't be read.
ports::Task<Result<CheckReport>> check(
    ports::ClaimedFile& file, const config::Settings& settings, const EarlierFiles& earlier, ports::Clock& clock,
    text::Lang language, std::function<bool()> gives_up = [] { return false; });

}  // namespace sluice::pipeline
