#include "answer_class.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "wire_messages.hpp"

namespace sluice::orders {

namespace {

struct Named {
  AnswerClass what;
  std::string_view name;
  bool maybe_applied;
};
constexpr std::array<Named, 10> kClasses{{
    {AnswerClass::answered, "answered", false},
    {AnswerClass::throttled, "throttled", false},
    {AnswerClass::unauthorized, "unauthorized", false},
    {AnswerClass::forbidden, "forbidden", false},
    {AnswerClass::misrouted, "misrouted", false},
    {AnswerClass::misrouted_maybe, "misrouted_maybe", true},
    {AnswerClass::bad_request, "bad_request", false},
    {AnswerClass::too_large, "too_large", false},
    {AnswerClass::repeat, "repeat", true},
    {AnswerClass::ambiguous, "ambiguous", true},
}};
const Named& row_of(AnswerClass what) {
  return *std::ranges::find(kClasses, what, &Named::what);
}

/// The first that fits. 2xx is not here: there the body decides. What fits none is ambiguous: 5xx above all.
struct ByStatus {
  int first;
  int last;
  AnswerClass what;
};
constexpr std::array<ByStatus, 7> kByStatus{{
    {400, 400, AnswerClass::bad_request},
    {401, 401, AnswerClass::unauthorized},
    {403, 403, AnswerClass::forbidden},
    {413, 413, AnswerClass::too_large},
    {422, 422, AnswerClass::bad_request},
    {429, 429, AnswerClass::throttled},
    {300, 499, AnswerClass::misrouted},
}};

/// The body's own codes that say more than that something went wrong.
struct ByCode {
  int code;
  AnswerClass what;
};
constexpr std::array<ByCode, 2> kByCode{{{401, AnswerClass::unauthorized}, {403, AnswerClass::forbidden}}};

/// The most careful first: repeat leaves open what was applied.
struct ByMessage {
  std::span<const std::string_view> parts;
  AnswerClass what;
};
constexpr std::array<ByMessage, 4> kByMessage{{
    {wire_messages::kRepeat, AnswerClass::repeat},
    {wire_messages::kThrottle, AnswerClass::throttled},
    {wire_messages::kAuth, AnswerClass::unauthorized},
    {wire_messages::kForbidden, AnswerClass::forbidden},
}};

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr bool is_letter(char c) {
  return lower(c) >= 'a' && lower(c) <= 'z';
}

/// Not in the middle of a word: "corporate limit" says nothing of a rate limit.
bool says(std::string_view message, std::string_view part) {
  for (auto rest = message; !rest.empty();) {
    const auto found = std::ranges::search(rest, part, {}, lower, lower);
    if (found.empty()) return false;
    const auto at = static_cast<std::size_t>(found.begin() - message.begin());
    if (at == 0 || !is_letter(message[at]) || !is_letter(message[at - 1])) return true;
    rest = message.substr(at + 1);
  }
  return false;
}

bool says_any(std::string_view message, std::span<const std::string_view> parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return says(message, part); });
}

std::optional<AnswerClass> by_message(const Envelope& envelope) {
  for (const auto& row : kByMessage)
    if (says_any(envelope.message(), row.parts)) return row.what;
  return std::nullopt;
}

std::optional<AnswerClass> by_code(const Envelope& envelope) {
  for (const auto& row : kByCode)
    if (envelope.code() == row.code) return row.what;
  return std::nullopt;
}

AnswerClass by_status(int status) {
  for (const auto& row : kByStatus)
    if (status >= row.first && status <= row.last) return row.what;
  return AnswerClass::ambiguous;
}

AnswerClass success(const HttpReply& reply, const Envelope& envelope, const Paired& paired) {
  // An error's words come without rows; where rows are, they decide, whatever msg says.
  if (envelope.code() == 200 && !envelope.rows().empty())
    return paired.any() ? AnswerClass::answered : AnswerClass::ambiguous;
  if (const auto what = by_message(envelope)) return *what;
  if (const auto what = by_code(envelope)) return *what;
  const bool html = envelope.looks_like_html() || says(reply.content_type, "text/html");
  return html && !envelope.is_json() ? AnswerClass::misrouted_maybe : AnswerClass::ambiguous;
}

}  // namespace

std::string_view name(AnswerClass what) {
  return row_of(what).name;
}
bool maybe_applied(AnswerClass what) {
  return row_of(what).maybe_applied;
}

AnswerClass classify(const HttpReply& reply, const Envelope& envelope, const Paired& paired, bool waits) {
  const bool is_success = reply.status >= 200 && reply.status <= 299;
  if (is_success) return reply.truncated ? AnswerClass::ambiguous : success(reply, envelope, paired);
  if (reply.status == 429) return AnswerClass::throttled;
  if (const auto what = by_message(envelope)) return *what;
  if (reply.status == 503 && (waits || says_any(reply.body, wire_messages::kThrottle))) return AnswerClass::throttled;
  const auto code = reply.status < 500 ? by_code(envelope) : std::nullopt;
  return code.value_or(by_status(reply.status));
}

}  // namespace sluice::orders
