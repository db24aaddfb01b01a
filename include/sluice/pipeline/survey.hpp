#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/base/siphash.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/pipeline/order_reading.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// Of an order, under SurveySink::key().
struct OrderHashes {
  std::uint64_t element;  ///< of its element in the body: what its row is marked with
  std::uint64_t key;      ///< of Order::key()
};

/// What a survey reports as it goes. One call a row, in file order. begin() comes first, and again when the file has to
/// be read again (another encoding, another service, a damaged column): what was reported before is then void.
class SurveySink {
 public:
  virtual ~SurveySink() = default;
  virtual ports::Task<Result<void>> begin(const records::Format& format, const OrderReading& reading) = 0;
  virtual void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged,
                     const OrderHashes& hashes) = 0;
  virtual void settled(std::uint64_t line, const records::RowResult& result) = 0;
  /// A valid row with this hash of its key may come soon.
  virtual void foresee(std::uint64_t /*key*/) {}
  /// Called every few milliseconds, however slow the disk or odd the rows: takes what has come so far to where it
  /// belongs, lets others work. An error ends the survey.
  virtual ports::Task<Result<void>> breathe() = 0;
  /// The key that orders are hashed with, known to nobody who writes files; nullopt: one that is drawn for the survey.
  virtual std::optional<SipKey> key() const { return std::nullopt; }
};

class DuplicateIndex;

struct Surveyed {
  records::Format format;
  orders::ServiceId service;
  std::string names;  ///< JobHeader::names
  text::Lang lang = text::Lang::en;
  bool ascii = false;
  std::uint64_t rows = 0;
  std::uint64_t output_bytes = 0;                ///< about what its outputs will take
  std::vector<text::Message> warnings;           ///< of the file as a whole
  std::shared_ptr<const DuplicateIndex> orders;  ///< by their hashes under SurveySink::key()
  ports::FileIdentity file;
};

/// What a job's header takes over of its survey, so that its rows are read the same way again.
void take_survey(const Surveyed& surveyed, ports::JobHeader& header);

/// A file that is refused as a whole: the reason, in both languages (text::in).
struct Rejected {
  std::string reason;
};

/// What a file may come to before it is rejected whole, and who reads what is said of it. As it stands: no limit, for
/// what was accepted already.
struct SurveyLimits {
  std::uint64_t max_rows = 0;      ///< guard.max_rows; 0: any number
  std::optional<text::Lang> lang;  ///< of what is said of rows; none: the file's own
  bool refuses_hopeless = false;   ///< next to all rows are invalid for one reason, or the results would be a flood
};

/// Reads a whole file once (again where its encoding, its service or a damaged column shows only later), judges every
/// row for `judged_at`, finds duplicates. `doubts`: orders that nobody knows the outcome of. Errors: of the file (io,
/// changed, missing) or of the sink. Nothing is sent and nothing written here.
ports::Task<Result<std::variant<Surveyed, Rejected>>> survey(ports::ClaimedFile& file, WallTime judged_at,
                                                             std::vector<ports::Doubt> doubts, SurveySink& sink,
                                                             ports::Clock& clock, SurveyLimits limits = {});

}  // namespace sluice::pipeline
