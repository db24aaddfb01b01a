#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "alias_index.hpp"
#include "sluice/orders/mapping.hpp"
#include "sluice/orders/service.hpp"

namespace sluice::orders {

/// A header without what people put around it: a leading or trailing `*`, a trailing colon, notes in brackets behind it
/// (docs/contract.md, Input).
struct DecoratedHeader {
  std::string name;
  std::vector<std::string> notes;
};

/// nullopt: there is nothing around it.
std::optional<DecoratedHeader> without_decoration(std::string_view header);

/// A file's columns as one service would read them.
struct Reading {
  const Service* service = nullptr;
  std::vector<int> field_of_column;                          ///< as in Mapping
  std::vector<std::size_t> missing;                          ///< required fields without a column
  std::optional<std::pair<std::size_t, std::size_t>> twice;  ///< two columns for one field
};

/// Some services, and how people write their columns.
class KnownColumns {
 public:
  explicit KnownColumns(std::span<const Service> services);
  /// Those of services().
  static const KnownColumns& ours();

  /// The field that a header means to a service (one of those given), decorated or not (docs/contract.md, Input);
  /// nullptr: none.
  const std::size_t* find(const Service& service, std::string_view header) const;
  /// `result_columns`: names that are ours.
  Reading read_as(const Service& service, std::span<const std::string> names,
                  std::span<const std::string_view> result_columns) const;
  std::vector<Reading> read_as_each(std::span<const std::string> names,
                                    std::span<const std::string_view> result_columns) const;

 private:
  using FieldIndex = AliasIndex<std::size_t>;
  const std::size_t* find_bare(const Service& service, std::string_view header) const;
  /// Whether a header's note in brackets names a field of any service.
  bool names_a_field(std::string_view note) const;

  std::span<const Service> services_;
  std::vector<FieldIndex> fields_;  ///< by service, as in services_
};

/// A field's name as the reader of a message would write it: in Chinese with the first Chinese header before it.
std::string label(const FieldSpec& field, text::Lang lang);

std::string joined(const std::vector<std::string>& parts, std::string_view by = ", ");

}  // namespace sluice::orders
