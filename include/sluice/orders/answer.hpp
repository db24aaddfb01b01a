#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/base/order_id.hpp"
#include "sluice/base/shared_text.hpp"
#include "sluice/base/time.hpp"
#include "sluice/orders/order.hpp"

namespace sluice::orders {

/// A complete HTTP answer, or one that was cut.
struct HttpReply {
  int status = 0;
  std::string content_type;
  std::string retry_after;  ///< the header as it came; empty: none
  std::string date;         ///< the Date header; empty: none
  std::string age;          ///< the Age header; empty: none
  std::string cache;        ///< other headers that tell of a cache ("X-Cache: HIT"), a line each
  std::string flaw;         ///< why nothing may be made of it (compressed, bytes beyond its end ...); empty: none
  std::string body;
  bool truncated = false;  ///< cut off or over the cap: the body is not all there
};

/// The classes of docs/api.md, "What each answer means". Stored in logs and metrics by name. Those in `_maybe`, repeat,
/// unfinished and ambiguous leave open whether the orders were applied.
enum class AnswerClass : std::uint8_t {
  answered,
  throttled,           ///< by what stands before the service
  throttled_maybe,     ///< perhaps from the midst of the work
  unauthorized,        ///< HTTP 401, or a front door's own sentence
  unauthorized_maybe,  ///< else: a batch can meet it half-way
  forbidden,
  forbidden_maybe,
  misrouted,        ///< 404, 405, 410, any 3xx
  misrouted_maybe,  ///< 2xx with HTML where JSON is due, or what a cache gave
  try_elsewhere,    ///< 421, 425: on a new connection
  unfinished,       ///< 408, 409, 423, 460, 499 and every 4xx that has no class of its own
  bad_request,
  too_large,
  repeat,
  ambiguous,
};
inline constexpr std::size_t kAnswerClasses = static_cast<std::size_t>(AnswerClass::ambiguous) + 1;
std::string_view name(AnswerClass c);

/// Whether an answer of this class leaves open that the orders were applied.
bool maybe_applied(AnswerClass c);

/// What the API said of one order.
struct RowAnswer {
  std::optional<int> status;  ///< none: it is no number
  std::string status_text;    ///< as it came, when it is no number: a word, a boolean, null
  OrderId order_id;
  SharedText start_time;  ///< shared by the rows that say the same, as nearly all of an answer do
  SharedText end_time;
};

struct Answer {
  AnswerClass what = AnswerClass::ambiguous;
  int http_status = 0;
  std::string words;                                ///< for people: code and msg, shortened, never a credential
  std::optional<std::chrono::seconds> retry_after;  ///< both forms of the header, at most 1 h
  /// answered: one per order sent, in the order sent; nullopt: the answer has no row for it (becomes maybe_applied).
  std::vector<std::optional<RowAnswer>> rows;
};

/// Reads an answer tolerantly (docs/api.md, Reading answers). Never fails: what can't be read is ambiguous.
Answer read_answer(const HttpReply& reply, std::span<const Order> sent, WallTime now);

/// How a row's history bears on its status.
struct RowHistory {
  bool maybe_applied = false;   ///< an attempt of this very row may have been applied
  bool internal_error = false;  ///< an attempt of this very row was answered *internal error*
  bool hold = false;            ///< retry.in_doubt: hold
  /// What an attempt of this very row was answered that said *no* to all of its request; empty: none. It proves nothing
  /// (docs/api.md, A no is not a proof).
  std::string_view said_no;
};

enum class Verdict : std::uint8_t { accepted, accepted_earlier, refused, retry_later, in_doubt };

struct RowVerdict {
  Verdict verdict;
  text::Message message;
};

/// The table of docs/api.md, Per-order statuses.
RowVerdict dispose(std::optional<ServiceId> service, const RowAnswer& row, RowHistory history);

}  // namespace sluice::orders
