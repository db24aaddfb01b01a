#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/orders/mapping.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// Turns records of one file into orders: knows which column is which field, for JSON object by object.
class OrderReading {
 public:
  /// Delimited: from the header. JSON: from the wrapper's name, else from the first object in `first_objects` that
  /// tells the service. The message says why neither can be told.
  static std::expected<OrderReading, text::Message> of(const records::Format& format,
                                                       const std::vector<std::vector<std::string>>& first_objects);
  /// Of a file surveyed before: what the ledger remembers is enough.
  static OrderReading known(const records::Format& format, orders::ServiceId service, text::Lang lang);

  std::expected<orders::Judged, orders::Faults> judge(const records::Record& record,
                                                      const orders::JudgeContext& context);
  /// For the damage rule; call it with each record before judging it.
  void watch(const records::Record& record, orders::DamageWatch& watch);

  orders::ServiceId service() const { return mapping_.service; }
  text::Lang lang() const { return mapping_.lang; }
  const orders::Mapping& mapping() const { return mapping_; }

 private:
  /// The mapping of this record; a message when its keys can't be mapped.
  std::optional<text::Message> prepare(const records::Record& record);
  void take_values(const records::Record& record);

  orders::Mapping mapping_;
  bool by_object_ = false;
  std::vector<std::string> names_;  ///< the keys mapping_ was made for, while by_object_
  std::vector<orders::Value> values_;
};

}  // namespace sluice::pipeline
