#pragma once

#include <array>
#include <cstddef>
#include <expected>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/error.hpp"
#include "sluice/orders/service.hpp"
#include "sluice/text/words.hpp"

namespace sluice::orders {

inline constexpr int kCarried = -1;  ///< a column we don't know: carried into the results, not sent
inline constexpr int kResult = -2;   ///< one of our own result columns: ignored on input

inline constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);
/// By field (index into Service::fields).
using ColumnOfField = std::array<std::size_t, kMaxFields>;
ColumnOfField columns_by_field(std::span<const int> field_of_column);

/// Which column is which field.
struct Mapping {
  std::optional<ServiceId> service;
  std::vector<int> field_of_column;                     ///< index into Service::fields, or kCarried / kResult
  ColumnOfField column_of_field{columns_by_field({})};  ///< the same from the other side
  std::vector<std::string> spelled;                     ///< the columns' names as the file spells them
  text::Lang lang = text::Lang::en;                     ///< Chinese where the headers are
};

/// Chinese where any of the names is written in Chinese characters: also for a file whose header is refused.
text::Lang language_of(std::span<const std::string> names);

/// Whether a column of this name is a field of any service.
bool names_a_field(std::string_view name);

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

struct NearHeader {
  std::string_view header;  ///< empty: none is near
  std::size_t field = 0;    ///< that it means: index into Service::fields
  std::size_t distance = std::numeric_limits<std::size_t>::max();
};

/// The header that somebody who wrote `name` most likely meant, of the fields that no column is (`field_of_column` as
/// in Mapping). At most a third of the characters may differ; half of them in Chinese, where a name has few.
NearHeader nearest_header(std::string_view name, const Service& service, std::span<const int> field_of_column);

/// For JSON: maps one object's keys for a service already known. Required keys may
/// be missing (the row is then invalid); a repeated key that we'd send makes the row invalid too, hence the message.
std::expected<Mapping, text::Message> map_keys(ServiceId service, std::span<const std::string> names, text::Lang lang);

/// What a file's names were taken for when it was surveyed. Kept with its job in the ledger, so that neither a restart
/// nor an upgrade that knows more headers reads begun work differently.
class NamesTaken {
 public:
  /// Of names as they are mapped. False: there are too many to keep (only JSON, whose objects may each spell a key in
  /// another way).
  bool add(const Mapping& mapping);

  /// The mapping of these names; what was not taken for a field is carried.
  Mapping mapping(ServiceId service, std::span<const std::string> names, text::Lang lang) const;

  /// A compact text form for the ledger, by the fields' names on the wire; empty where there are too many to keep.
  std::string to_ledger(ServiceId service) const;
  /// And back. Kind `corrupt`: it is no such form, or not of this service.
  static Result<NamesTaken> from_ledger(ServiceId service, std::string_view text);

 private:
  std::map<std::string, std::size_t, std::less<>> fields_;  ///< index into Service::fields, by name as spelled
  bool too_many_ = false;
};

}  // namespace sluice::orders
