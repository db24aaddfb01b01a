#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/pipeline/order_reading.hpp"
#include "sluice/ports/clock.hpp"
#include "sluice/ports/ledger.hpp"
#include "sluice/ports/spool.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// What a survey reports as it goes. One call a row, in file order. begin() comes first, and again when the file has to
/// be read again (another encoding, another service, a damaged column): what was reported before is then void.
class SurveySink {
 public:
  virtual ~SurveySink() = default;
  virtual ports::Task<Result<void>> begin(const records::Format& format, const OrderReading& reading) = 0;
  virtual void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged) = 0;
  virtual void settled(std::uint64_t line, const records::RowResult& result) = 0;
  /// Called every few milliseconds: takes what has come so far to where it belongs, lets others work.
  virtual ports::Task<Result<void>> breathe() = 0;
};

struct Surveyed {
  records::Format format;
  orders::ServiceId service;
  std::string names;  ///< JobHeader::names
  text::Lang lang = text::Lang::en;
  bool ascii = false;
  std::uint64_t rows = 0;
  std::vector<text::Message> warnings;  ///< of the file as a whole
  ports::FileIdentity file;
};

/// What a job's header takes over of its survey, so that its rows are read the same way again.
void take_survey(const Surveyed& surveyed, ports::JobHeader& header);

/// A file that is refused as a whole: the reason, in both languages, a line each.
struct Rejected {
  std::string reason;
};

/// Reads a whole file once (again where its encoding, its service or a damaged column shows only later), judges every
/// row for `judged_at`, finds duplicates. `doubts`: orders that nobody knows the outcome of. Errors: of the file (io,
/// changed, missing) or of the sink. Nothing is sent and nothing written here.
ports::Task<Result<std::variant<Surveyed, Rejected>>> survey(ports::ClaimedFile& file, WallTime judged_at,
                                                             std::vector<ports::Doubt> doubts, SurveySink& sink,
                                                             ports::Clock& clock);

}  // namespace sluice::pipeline
