#pragma once

#include <expected>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "sluice/orders/service.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

inline constexpr int kCarried = -1;  ///< a column we don't know: carried into the results, not sent
inline constexpr int kResult = -2;   ///< one of our own result columns: ignored on input

/// Which column is which field.
struct Mapping {
  ServiceId service = ServiceId::create;
  std::vector<int> field_of_column;  ///< index into Service::fields, or kCarried / kResult
  std::vector<std::string> spelled;  ///< the columns' names as the file spells them
  text::Lang lang = text::Lang::en;  ///< Chinese where the headers are
};

/// Chinese where any of the names is written in Chinese characters: also for a file whose header is refused.
text::Lang language_of(std::span<const std::string> names);

/// Tells the service and the fields from column names. The service is the one whose required columns are all there;
/// both, neither, two columns for one field, or a header that does not mean what it seems to (生效日期): the message
/// says which and what to do. `result_columns`: names that are ours (kResultColumns, or "result" for JSON).
std::expected<Mapping, text::Message> map_columns(std::span<const std::string> names,
                                                  std::span<const std::string_view> result_columns);

/// For JSON, where each object has its own keys: the columns of a file are the keys of all its objects together. Keeps
/// of the names only what tells something: memory is flat, however many there are.
class ColumnsSeen {
 public:
  explicit ColumnsSeen(std::span<const std::string_view> result_columns = {}) : ours_(result_columns) {}

  void see(std::span<const std::string> names);
  /// As map_columns tells it.
  std::expected<ServiceId, text::Message> service() const;
  /// The service that lacks the fewest required columns so far: a guess, until all have been seen.
  ServiceId likeliest() const;
  /// Of each field one name, and the first few that mean nothing.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::span<const std::string_view> ours_;
  std::vector<std::string> names_;
  std::set<const FieldSpec*> fields_;
  std::size_t unknown_ = 0;
  std::optional<text::Message> refused_;
};

/// For JSON: maps one object's keys for a service already known. Required keys may
/// be missing (the row is then invalid); a repeated key that we'd send makes the row invalid too, hence the message.
std::expected<Mapping, text::Message> map_keys(ServiceId service, std::span<const std::string> names, text::Lang lang);

}  // namespace sluice::orders
