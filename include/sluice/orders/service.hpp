#pragma once

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

struct FieldSpec {
  std::string_view name;  ///< on the wire, and the English header
  FieldKind kind;
  bool required;
  std::span<const std::string_view> aliases;  ///< headers that mean it, as people write them
  /// Headers that seem to mean it and don't: a file with one of them is refused.
  std::span<const std::string_view> refused_headers = {};
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

/// A service is this table and nothing else; a third one is a third row of services(). Source: the API's two pages,
/// docs/api.md.
struct Service {
  ServiceId id;
  std::string_view name;     ///< "create", "modify": as in the summary
  std::string_view path;     ///< under base_url, no leading slash
  std::string_view wrapper;  ///< the body's one member
  std::span<const FieldSpec> fields;
  std::size_t key_field;  ///< index: at most one unsettled order with this value at a time; once per batch
  std::span<const std::string_view> echo_keys;  ///< names under which an answer row may echo the key field
  std::string_view cross_check;                 ///< field also echoed, only compared (create: douyinId); may be empty
  std::span<const std::string_view> cross_check_aliases;  ///< other names it is echoed under
  bool pair_by_index;  ///< rows without the key pair by index if the counts are equal
  std::span<const StatusSpec> statuses;
  std::span<const OughtToDiffer> ought_to_differ;
};

/// An id that no table has is our own bug: CHECK.
const Service& service(ServiceId id);
std::span<const Service> services();

/// nullptr: the API's page doesn't know this status.
const StatusSpec* find_status(const Service& service, int status);

}  // namespace sluice::orders
