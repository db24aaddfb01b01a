#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/records/format.hpp"
#include "sluice/records/outcome.hpp"

namespace sluice::records {

/// Writer's two kinds; contracts as there. `separator`: what stands between two records of a subset.
class RowWriter {
 public:
  virtual ~RowWriter() = default;
  /// What stands before the first record, and in `separator` what joins the records of a subset.
  virtual void begin(std::string_view head, std::string& separator, std::string& out) = 0;
  /// A record without its gap.
  virtual void row(std::string_view raw, std::uint64_t line, const RowResult& result, std::string& out) = 0;
};

std::unique_ptr<RowWriter> delimited_writer(const Format& format, bool ascii);
std::unique_ptr<RowWriter> json_writer(const Format& format, bool ascii);

}  // namespace sluice::records
