#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "sluice/text/words.hpp"

namespace sluice::orders {

/// Stored in the ledger: never renumber.
enum class ServiceId : std::uint8_t { create = 1, modify = 2 };

enum class FieldKind : std::uint8_t { id, douyin_id, nickname, isp, province, boolean, end_month, execute_date };
/// Whether a field's value names an account or an order: people look for orders by it.
constexpr bool is_id(FieldKind kind) {
  return kind == FieldKind::id || kind == FieldKind::douyin_id;
}

struct FieldSpec {
  std::string_view name;  ///< on the wire, and the English header
  FieldKind kind;
  bool required;
  std::span<const std::string_view> aliases;  ///< headers that mean it, as people write them
  /// Headers that seem to mean it and don't: a file with one of them is refused.
  std::span<const std::string_view> refused_headers = {};
  /// In English, where the name does not tell it.
  std::string_view meaning = {};
};

/// What we do with a row's status.
enum class Disposition : std::uint8_t { accepted, overlap, retry_later, refused };

struct StatusSpec {
  int status;
  Disposition disposition;
  bool own_success_explains;  ///< after maybe_applied, our own earlier success can have caused this refusal: in_doubt
  text::Word words;
};

/// Two fields (by index) whose values ought to differ; the same value in both is worth a warning.
struct OughtToDiffer {
  std::size_t first;
  std::size_t second;
};

/// What an order works on. Two orders on one subject are never under way at once, whatever their services
/// (docs/api.md, One at a time). The texts go into stored hashes, which were first made of the services' names: never
/// change one.
namespace subject {
inline constexpr std::string_view kUid = "create";
inline constexpr std::string_view kOrderId = "modify";
}  // namespace subject

/// A service is this table and nothing else; a third one is a third row of services(). Source: the API's two pages,
/// docs/api.md.
struct Service {
  ServiceId id;
  std::string_view name;     ///< "create", "modify": as in the summary
  std::string_view path;     ///< under base_url, no leading slash
  std::string_view wrapper;  ///< the body's one member
  std::span<const FieldSpec> fields;
  /// Required fields (by index) that no other service has a header for: a column of one of them tells this service. One
  /// service at most may have none: it is taken only where no column tells, even misspelled, of another.
  std::span<const std::size_t> telling_fields;
  std::size_t key_field;     ///< index: at most one unsettled order with this value at a time; once per batch
  std::string_view subject;  ///< what the key field names
  std::span<const std::string_view> echo_keys;  ///< names under which an answer row may echo the key field
  std::string_view cross_check;                 ///< field also echoed, only compared (create: douyinId); may be empty
  std::span<const std::string_view> cross_check_aliases;  ///< other names it is echoed under
  bool pair_by_index;  ///< rows without the key pair by index if the counts are equal
  std::span<const StatusSpec> statuses;
  /// What is said of an overlap that an earlier attempt of ours explains, and of one on `retry.in_doubt: hold`. {0}:
  /// the status as it came.
  text::Word overlap_is_ours;
  text::Word overlap_on_hold;
  /// What is said of one that is met by the order of an earlier row of the file. {0}, {1}: which, in English and
  /// Chinese.
  text::Word overlap_in_file;
  text::Word undone;  ///< said of a row that is known not to have been applied: what it cost
  std::span<const OughtToDiffer> ought_to_differ;
};

/// Of a service, at most.
inline constexpr std::size_t kMaxFields = 8;

/// None, or an id that no table has, is our own bug: CHECK.
const Service& service(std::optional<ServiceId> id);
std::span<const Service> services();
/// Of a number from outside. nullptr: no service has it.
const Service* find_service(std::uint64_t id);
/// The members that may hold the orders of a JSON file (docs/contract.md, Input).
std::span<const std::string_view> wrappers();

/// nullptr: the API's page doesn't know this status.
const StatusSpec* find_status(const Service& service, int status);

}  // namespace sluice::orders
