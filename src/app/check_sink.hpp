#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sluice/pipeline/planner.hpp"
#include "sluice/pipeline/survey.hpp"

namespace sluice::app {

struct OrderColumn {
  std::string spelled;  ///< empty: it has no name
  std::string field;    ///< empty: carried, not sent
  std::string nearest;  ///< of a carried one: the header that may have been meant
};
using OrderColumns = std::vector<OrderColumn>;

/// Takes a survey's findings for a person to read.
class CheckSink : public pipeline::SurveySink {
 public:
  explicit CheckSink(pipeline::Planner::Size size) : size_(size) {}

  ports::Task<Result<void>> begin(const records::Format& format, const pipeline::OrderReading& reading) override;
  void valid(const records::RowRef& row, std::uint64_t line, const orders::Judged& judged) override;
  void settled(std::uint64_t line, const records::RowResult& result) override;
  ports::Task<Result<void>> breathe() override;

  /// How many requests the rows that passed would take. Ends the counting.
  std::uint64_t requests();
  std::uint64_t valid_rows() const { return valid_; }
  std::uint64_t invalid() const { return invalid_; }
  std::uint64_t duplicates() const { return duplicates_; }
  std::uint64_t in_doubt() const { return in_doubt_; }
  const std::vector<std::string>& complaints() const { return complaints_; }
  std::uint64_t unlisted() const { return unlisted_; }
  const OrderColumns& columns() const { return columns_; }

 private:
  void complain(std::string line);

  pipeline::Planner::Size size_;
  std::optional<pipeline::Planner> planner_;
  OrderColumns columns_;
  std::vector<std::string> complaints_;
  std::uint64_t requests_ = 0;
  std::uint64_t valid_ = 0;
  std::uint64_t invalid_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t in_doubt_ = 0;
  std::uint64_t unlisted_ = 0;
  std::uint64_t numbers_ = 0;
  bool chinese_ = false;
  bool json_ = false;
};

}  // namespace sluice::app
