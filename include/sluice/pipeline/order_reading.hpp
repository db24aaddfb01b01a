#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/orders/order.hpp"
#include "sluice/records/cell.hpp"
#include "sluice/records/format.hpp"

namespace sluice::pipeline {

/// Turns records of one file into orders: knows which column is which field, for JSON object by object.
class OrderReading {
 public:
  /// Delimited: from the header; the message says why the service is not clear. JSON: the columns are the keys of all
  /// its objects, so the service is `known_as` where they have been seen before, else what the wrapper's name or
  /// `first_objects` make likely; settled_service() decides.
  static std::expected<OrderReading, text::Message> of(const records::Format& format,
                                                       const std::vector<std::vector<std::string>>& first_objects,
                                                       std::optional<orders::ServiceId> known_as = {});
  /// Of a file surveyed before, from what the ledger has of it: neither a restart nor an upgrade reads it differently.
  /// `names`: NamesTaken::to_ledger(); empty: the ledger has none (of an earlier version, or too many), and the names
  /// are mapped with today's tables. Kind `corrupt`: it can't be read at all; `changed`: by today's tables the header
  /// means something else.
  static Result<OrderReading> known(const records::Format& format, std::optional<orders::ServiceId> service,
                                    const std::string& names, text::Lang lang);

  std::expected<orders::Judged, orders::Faults> judge(const records::Record& record,
                                                      const orders::JudgeContext& context);
  /// For the damage rule; call it with each record before judging it.
  void watch(const records::Record& record, orders::ColumnWatch& watch);

  /// Once all records have been read: the service their columns belong to, or why the file is refused as a whole. If
  /// it is not service(), the records have to be read again.
  std::expected<orders::ServiceId, text::Message> settled_service() const;

  orders::ServiceId service() const { return *mapping_.service; }
  text::Lang lang() const { return mapping_.lang; }
  const orders::Mapping& mapping() const { return mapping_; }
  /// For the ledger, once all records have been read: what known() asks for.
  std::string names_taken() const { return taken_.to_ledger(service()); }

 private:
  /// The mapping of this record; a message when its keys can't be mapped.
  std::optional<text::Message> prepare(const records::Record& record);
  std::expected<orders::Mapping, text::Message> map_keys_of(const records::Record& record);

  /// Where the names of the fields are.
  enum class Names : std::uint8_t {
    in_header,         ///< mapping_ is that of all records
    in_each_object,    ///< and are mapped as they come
    as_they_were_read  ///< in each object; taken_ says what an earlier survey made of each
  };

  orders::Mapping mapping_;
  Names found_ = Names::in_header;
  orders::NamesTaken taken_;
  std::string wrapper_;
  orders::ColumnsSeen columns_;            ///< of all objects so far
  bool mapped_any_ = false;                ///< one record at least could be mapped
  std::optional<text::Message> unmapped_;  ///< why the first one that could not be couldn't
  std::vector<std::string> names_;         ///< the keys mapping_ was made for, unless these are in a header
  orders::LastValues last_;
};

}  // namespace sluice::pipeline
